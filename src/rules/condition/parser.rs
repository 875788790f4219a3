//! Tokens -> tree, by precedence climbing.

use super::ast::{Node, NodeKind, Operator};
use super::lexer::{Token, TokenKind, tokens};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::normalize::date::parse_date;

/// Longest condition, in bytes.
const MAX_BYTES: usize = 8 << 20;
/// Most values of one `IN` list.
const MAX_IN_ITEMS: usize = 1_000_000;
/// Deepest nesting.
const MAX_DEPTH: usize = 256;
/// Most arithmetic operators and `||` of one condition.
const MAX_LINKS: usize = 1024;

/// Parses a condition or a derived expression.
///
/// `locate` turns a range of bytes of `text` into a place in its file. Mistakes are pushed, and then there is no tree.
pub fn parse(
    text: &str,
    locate: &dyn Fn(usize, usize) -> Span,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    if text.len() > MAX_BYTES {
        diagnostics.push(
            Diagnostic::error(
                "too-long",
                locate(0, 1),
                "this condition is longer than 8 MiB",
            )
            .help("put long lists of values into a list file and use in_list"),
        );
        return None;
    }
    let (tokens, errors) = tokens(text);
    let found_errors = !errors.is_empty();
    for error in errors {
        let mut diagnostic =
            Diagnostic::error("syntax", locate(error.start, error.end), error.title);
        diagnostic.help = error.help;
        diagnostics.push(diagnostic);
    }
    if found_errors {
        return None;
    }
    if tokens.len() == 1 {
        diagnostics.push(Diagnostic::error(
            "empty-condition",
            locate(0, text.len()),
            "this condition is empty",
        ));
        return None;
    }
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
        links: 0,
    };
    let result = parser.or().and_then(|node| match &parser.peek().kind {
        TokenKind::End => Ok(node),
        _ => Err(parser.unexpected("`AND`, `OR` or the end")),
    });
    match result {
        Ok(node) => Some(node),
        Err(failure) => {
            let mut diagnostic = Diagnostic::error(
                failure.code,
                locate(failure.start, failure.end),
                failure.title,
            );
            diagnostic.help = failure.help;
            diagnostics.push(diagnostic);
            None
        }
    }
}

struct Failure {
    code: &'static str,
    start: usize,
    end: usize,
    title: String,
    help: Option<String>,
}

type Parsed = Result<Node, Failure>;

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    links: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        // The last token is `End`, and `next` never moves past it.
        &self.tokens[self.at]
    }

    fn next(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    fn is_keyword(&self, keyword: &str) -> bool {
        matches!(&self.peek().kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn accept(&mut self, keyword: &str) -> bool {
        let found = self.is_keyword(keyword);
        if found {
            self.next();
        }
        found
    }

    fn expect_keyword(&mut self, keyword: &str) -> Result<(), Failure> {
        if self.accept(keyword) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{keyword}`")))
        }
    }

    fn expect(&mut self, kind: &TokenKind, name: &str) -> Result<Token, Failure> {
        if self.peek().kind == *kind {
            Ok(self.next())
        } else {
            Err(self.unexpected(name))
        }
    }

    fn unexpected(&self, expected: &str) -> Failure {
        let token = self.peek();
        let found = match &token.kind {
            TokenKind::End => "the condition ends here".to_owned(),
            TokenKind::Word(word) => format!("found `{word}`"),
            TokenKind::Quoted(name) => format!("found `\"{name}\"`"),
            TokenKind::Text(text) => {
                format!("found `'{}'`", text.chars().take(30).collect::<String>())
            }
            TokenKind::Number(number) => format!("found `{number}`"),
            TokenKind::Param(name) => format!("found `:{name}`"),
            TokenKind::Compare(comparison) => format!("found `{}`", comparison.as_str()),
            TokenKind::Operator(operator) => format!("found `{}`", operator.as_str()),
            TokenKind::Concat => "found `||`".to_owned(),
            TokenKind::Open => "found `(`".to_owned(),
            TokenKind::Close => "found `)`".to_owned(),
            TokenKind::Comma => "found `,`".to_owned(),
        };
        Failure {
            code: "syntax",
            start: token.start,
            end: token.end,
            title: format!("{found}, but {expected} should stand here"),
            help: None,
        }
    }

    /// Runs a step one level deeper, so that no text can exhaust the stack.
    fn deeper(&mut self, step: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth == MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }

    /// Takes an operator of a chain; every link makes the tree one level deeper.
    fn link(&mut self) -> Result<(), Failure> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(self.too_deep());
        }
        self.next();
        Ok(())
    }

    fn too_deep(&self) -> Failure {
        let token = self.peek();
        Failure {
            code: "too-deep",
            start: token.start,
            end: token.end,
            title: format!("this condition nests deeper than {MAX_DEPTH} levels"),
            help: Some("name parts of it in derived.yaml".to_owned()),
        }
    }

    fn or(&mut self) -> Parsed {
        self.chain("or", Self::and, NodeKind::Or)
    }

    fn and(&mut self) -> Parsed {
        self.chain("and", Self::not, NodeKind::And)
    }

    fn chain(
        &mut self,
        keyword: &str,
        part: fn(&mut Self) -> Parsed,
        make: fn(Vec<Node>) -> NodeKind,
    ) -> Parsed {
        let first = part(self)?;
        if !self.is_keyword(keyword) {
            return Ok(first);
        }
        let start = first.start;
        let mut parts = vec![first];
        while self.accept(keyword) {
            parts.push(part(self)?);
        }
        let end = parts.last().map_or(start, |node| node.end);
        Ok(Node {
            kind: make(parts),
            start,
            end,
        })
    }

    fn not(&mut self) -> Parsed {
        let start = self.peek().start;
        if !self.accept("not") {
            return self.comparison();
        }
        let inner = self.deeper(Self::not)?;
        Ok(Node {
            start,
            end: inner.end,
            kind: NodeKind::Not(Box::new(inner)),
        })
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        if let TokenKind::Compare(comparison) = self.peek().kind {
            self.next();
            let right = self.sum()?;
            if let TokenKind::Compare(_) = self.peek().kind {
                let mut failure = self.unexpected("`AND` or `OR`");
                failure.help = Some("comparisons do not chain: write `a < b AND b < c`".to_owned());
                return Err(failure);
            }
            let end = right.end;
            return Ok(wrap(left, end, |left| {
                NodeKind::Compare(comparison, Box::new(left), Box::new(right))
            }));
        }
        if self.accept("is") {
            let negated = self.accept("not");
            let end = self.peek().end;
            self.expect_keyword("null")?;
            return Ok(wrap(left, end, |value| NodeKind::IsNull {
                value: Box::new(value),
                negated,
            }));
        }
        let negated = self.is_keyword("not");
        if negated {
            self.next();
        }
        if self.accept("in") {
            return self.one_of(left, negated);
        }
        if self.accept("between") {
            let low = Box::new(self.sum()?);
            self.expect_keyword("and")?;
            let high = Box::new(self.sum()?);
            let end = high.end;
            return Ok(wrap(left, end, |value| NodeKind::Between {
                value: Box::new(value),
                low,
                high,
                negated,
            }));
        }
        if self.accept("like") {
            let pattern = Box::new(self.sum()?);
            let end = pattern.end;
            return Ok(wrap(left, end, |value| NodeKind::Like {
                value: Box::new(value),
                pattern,
                negated,
            }));
        }
        if negated {
            return Err(self.unexpected("`IN`, `BETWEEN` or `LIKE`"));
        }
        Ok(left)
    }

    fn one_of(&mut self, value: Node, negated: bool) -> Parsed {
        self.expect(&TokenKind::Open, "`(`")?;
        let mut items = Vec::new();
        loop {
            items.push(self.sum()?);
            if items.len() > MAX_IN_ITEMS {
                let token = self.peek();
                return Err(Failure {
                    code: "too-many-values",
                    start: token.start,
                    end: token.end,
                    title: format!("an IN list holds at most {MAX_IN_ITEMS} values"),
                    help: Some("put them into a list file and use in_list".to_owned()),
                });
            }
            if self.peek().kind != TokenKind::Comma {
                break;
            }
            self.next();
        }
        let end = self.expect(&TokenKind::Close, "`,` or `)`")?.end;
        Ok(wrap(value, end, |value| NodeKind::In {
            value: Box::new(value),
            items,
            negated,
        }))
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            let kind = match self.peek().kind {
                TokenKind::Operator(operator @ (Operator::Add | Operator::Subtract)) => {
                    Some(operator)
                }
                TokenKind::Concat => None,
                _ => return Ok(left),
            };
            self.link()?;
            let right = Box::new(self.product()?);
            let end = right.end;
            left = wrap(left, end, |left| match kind {
                Some(operator) => NodeKind::Arithmetic(operator, Box::new(left), right),
                None => NodeKind::Concat(Box::new(left), right),
            });
        }
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.unary()?;
        while let TokenKind::Operator(operator @ (Operator::Multiply | Operator::Divide)) =
            self.peek().kind
        {
            self.link()?;
            let right = Box::new(self.unary()?);
            let end = right.end;
            left = wrap(left, end, |left| {
                NodeKind::Arithmetic(operator, Box::new(left), right)
            });
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.peek().start;
        match self.peek().kind {
            TokenKind::Operator(Operator::Subtract) => {
                self.next();
                let inner = self.deeper(Self::unary)?;
                let end = inner.end;
                let kind = match inner.kind {
                    NodeKind::Number(number) => NodeKind::Number(-number),
                    _ => NodeKind::Negate(Box::new(inner)),
                };
                Ok(Node { kind, start, end })
            }
            TokenKind::Operator(Operator::Add) => {
                self.next();
                self.deeper(Self::unary)
            }
            _ => self.primary(),
        }
    }

    fn primary(&mut self) -> Parsed {
        let token = self.peek().clone();
        let (start, end) = (token.start, token.end);
        let kind = match token.kind {
            TokenKind::Number(number) => NodeKind::Number(number),
            TokenKind::Text(text) => NodeKind::Text(text),
            TokenKind::Param(name) => NodeKind::Param(name),
            TokenKind::Quoted(name) => NodeKind::Name(format!("\"{name}\"")),
            TokenKind::Open => {
                self.next();
                let mut inner = self.deeper(Self::or)?;
                inner.end = self.expect(&TokenKind::Close, "`)`")?.end;
                inner.start = start;
                return Ok(inner);
            }
            TokenKind::Word(word) => return self.word(&word, start, end),
            _ => return Err(self.unexpected("a field, a value or `(`")),
        };
        self.next();
        Ok(Node { kind, start, end })
    }

    fn word(&mut self, word: &str, start: usize, end: usize) -> Parsed {
        let lower = word.to_ascii_lowercase();
        let kind = match lower.as_str() {
            "null" => NodeKind::Null,
            "true" => NodeKind::Boolean(true),
            "false" => NodeKind::Boolean(false),
            "and" | "or" | "in" | "between" | "like" | "is" | "not" => {
                return Err(self.unexpected("a field, a value or `(`"));
            }
            _ => {
                self.next();
                return match (&self.peek().kind, lower.as_str()) {
                    (TokenKind::Text(text), "date") => {
                        let text = text.clone();
                        self.date(&text, start)
                    }
                    (TokenKind::Open, _) => self.call(lower, start),
                    _ => Ok(Node {
                        kind: NodeKind::Name(word.to_owned()),
                        start,
                        end,
                    }),
                };
            }
        };
        self.next();
        Ok(Node { kind, start, end })
    }

    fn date(&mut self, text: &str, start: usize) -> Parsed {
        let token = self.next();
        match parse_date(text) {
            Some(days) => Ok(Node {
                kind: NodeKind::Date(days),
                start,
                end: token.end,
            }),
            None => Err(Failure {
                code: "bad-date",
                start: token.start,
                end: token.end,
                title: format!("`{text}` is not a date"),
                help: Some("write it as DATE 'YYYY-MM-DD'".to_owned()),
            }),
        }
    }

    fn call(&mut self, name: String, start: usize) -> Parsed {
        self.next();
        let mut arguments = Vec::new();
        if self.peek().kind != TokenKind::Close {
            loop {
                arguments.push(self.deeper(Self::or)?);
                if self.peek().kind != TokenKind::Comma {
                    break;
                }
                self.next();
            }
        }
        let mut end = self.expect(&TokenKind::Close, "`,` or `)`")?.end;
        let mut over = None;
        if self.accept("over") {
            let token = self.peek().clone();
            let TokenKind::Word(unit) = token.kind else {
                return Err(self.unexpected("`line`, `entry` or `bill`"));
            };
            self.next();
            over = Some((unit, token.start, token.end));
            end = token.end;
        }
        Ok(Node {
            kind: NodeKind::Call {
                name,
                arguments,
                over,
            },
            start,
            end,
        })
    }
}

fn wrap(left: Node, end: usize, make: impl FnOnce(Node) -> NodeKind) -> Node {
    Node {
        start: left.start,
        end,
        kind: make(left),
    }
}
