//! Conditions: a tree or a mistake, never both or neither, and every place inside the text.
#![no_main]

use ch24::diagnostic::{Diagnostics, Sources, Span};
use ch24::rules::condition::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let file = sources.add("condition", text);
    let mut diagnostics = Diagnostics::default();
    let node = parse(text, &|start, end| Span { file, start, end }, &mut diagnostics);
    assert_eq!(node.is_none(), diagnostics.has_errors());
    for found in diagnostics.iter() {
        assert!(found.span.start <= found.span.end && found.span.end <= text.len());
    }
    diagnostics.render(&sources, false);
    if let Some(node) = node {
        assert!(text.get(node.start..node.end).is_some());
    }
});
