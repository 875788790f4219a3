//! Text of a condition -> tokens.

use super::ast::{Comparison, Operator};

/// A token and where it stands, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A word that is not quoted; keywords are told apart by the parser, in any case.
    Word(String),
    /// `"name"`: a name that holds spaces.
    Quoted(String),
    Text(String),
    Number(f64),
    Param(String),
    Compare(Comparison),
    Operator(Operator),
    Concat,
    Open,
    Close,
    Comma,
    End,
}

/// A place that cannot be read, and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LexError {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) title: String,
    pub(super) help: Option<String>,
}

/// Cuts a condition into tokens, the last of which is `End`; what cannot be read is skipped and reported.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<LexError>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::new(),
        errors: Vec::new(),
    };
    while let Some(c) = lexer.rest().chars().next() {
        lexer.step(c);
    }
    lexer.push(text.len(), TokenKind::End);
    (lexer.tokens, lexer.errors)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    errors: Vec<LexError>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn push(&mut self, start: usize, kind: TokenKind) {
        self.tokens.push(Token {
            kind,
            start,
            end: self.at,
        });
    }

    fn error(&mut self, start: usize, title: String, help: Option<&str>) {
        self.errors.push(LexError {
            start,
            end: self.at,
            title,
            help: help.map(str::to_owned),
        });
    }

    fn step(&mut self, c: char) {
        let start = self.at;
        match c {
            _ if c.is_whitespace() => self.at += c.len_utf8(),
            '-' if self.rest().starts_with("--") => {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            }
            '\'' => self.text(start),
            '"' => self.quoted(start),
            '0'..='9' | '.' => self.number(start),
            ':' => {
                self.at += 1;
                let name = self.word();
                if name.is_empty() {
                    self.error(
                        start,
                        "`:` without a name".to_owned(),
                        Some("write `:name` for a param of the rule"),
                    );
                } else {
                    self.push(start, TokenKind::Param(name));
                }
            }
            _ if c.is_alphabetic() || c == '_' => {
                let word = self.word();
                self.push(start, TokenKind::Word(word));
            }
            _ => self.symbol(start, c),
        }
    }

    fn word(&mut self) -> String {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("").to_owned()
    }

    fn symbol(&mut self, start: usize, c: char) {
        let pairs = [
            ("==", TokenKind::Compare(Comparison::Equal)),
            ("<>", TokenKind::Compare(Comparison::NotEqual)),
            ("!=", TokenKind::Compare(Comparison::NotEqual)),
            ("<=", TokenKind::Compare(Comparison::LessOrEqual)),
            (">=", TokenKind::Compare(Comparison::GreaterOrEqual)),
            ("||", TokenKind::Concat),
            ("=", TokenKind::Compare(Comparison::Equal)),
            ("<", TokenKind::Compare(Comparison::Less)),
            (">", TokenKind::Compare(Comparison::Greater)),
            ("+", TokenKind::Operator(Operator::Add)),
            ("-", TokenKind::Operator(Operator::Subtract)),
            ("*", TokenKind::Operator(Operator::Multiply)),
            ("/", TokenKind::Operator(Operator::Divide)),
            ("(", TokenKind::Open),
            (")", TokenKind::Close),
            (",", TokenKind::Comma),
        ];
        let rest = self.rest();
        if let Some((symbol, kind)) = pairs
            .into_iter()
            .find(|(symbol, _)| rest.starts_with(symbol))
        {
            self.at += symbol.len();
            if symbol == "==" {
                self.error(
                    start,
                    "`==` is written `=` here".to_owned(),
                    Some("write `=`"),
                );
            }
            self.push(start, kind);
            return;
        }
        self.at += c.len_utf8();
        let help = match c {
            '&' => Some("write `AND`"),
            '|' => Some("write `OR`, or `||` to join texts"),
            '!' => Some("write `NOT`, or `<>` for not equal"),
            '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => Some("use the straight quote `'`"),
            _ => None,
        };
        self.error(start, format!("`{c}` means nothing in a condition"), help);
    }

    fn text(&mut self, start: usize) {
        match self.delimited('\'') {
            Some(text) => self.push(start, TokenKind::Text(text)),
            None => self.error(
                start,
                "this text is never closed".to_owned(),
                Some("close it with `'`"),
            ),
        }
    }

    fn quoted(&mut self, start: usize) {
        match self.delimited('"') {
            Some(name) => self.push(start, TokenKind::Quoted(name)),
            None => self.error(
                start,
                "this name is never closed".to_owned(),
                Some("close it with `\"`"),
            ),
        }
    }

    /// Reads up to the closing delimiter; a doubled delimiter stands for itself.
    fn delimited(&mut self, delimiter: char) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(length) = rest.find(delimiter) else {
                self.at = self.text.len();
                return None;
            };
            text.push_str(rest.get(..length).unwrap_or(""));
            self.at += length + 1;
            if !self.rest().starts_with(delimiter) {
                return Some(text);
            }
            text.push(delimiter);
            self.at += 1;
        }
    }

    fn number(&mut self, start: usize) {
        let rest = self.rest().as_bytes();
        let digits = |from: usize| {
            rest.iter()
                .skip(from)
                .take_while(|byte| byte.is_ascii_digit())
                .count()
        };
        let mut length = digits(0);
        if rest.get(length) == Some(&b'.') {
            length += 1 + digits(length + 1);
        }
        if matches!(rest.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(length + 1), Some(b'+' | b'-')));
            let exponent = digits(length + 1 + sign);
            if exponent > 0 {
                length += 1 + sign + exponent;
            }
        }
        self.at += length;
        let word = self.word();
        let text = self.text.get(start..self.at).unwrap_or("");
        match text.parse::<f64>() {
            Ok(number) if word.is_empty() && number.is_finite() => {
                self.push(start, TokenKind::Number(number));
            }
            _ => {
                let title = format!("`{text}` is not a number");
                self.error(start, title, Some("put text between single quotes"));
            }
        }
    }
}
