//! The condition language: text -> tree, every mistake with its place.
//!
//! `lexer -> parser -> ast`. A condition is a Boolean SQL expression over the fields of a shipment line. This module
//! knows the grammar and nothing else: which names exist and which types fit is settled in `resolve`.

pub mod ast;
mod lexer;
mod parser;

pub use parser::parse;
