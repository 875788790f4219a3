//! What a condition says, as written: the tree that the parser makes, every node with its place.

/// A node and where it stands in the condition's text, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Node {
    /// Calls `visit` for each direct operand, from left to right.
    pub fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        match &self.kind {
            NodeKind::Null
            | NodeKind::Boolean(_)
            | NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::Date(_)
            | NodeKind::Param(_)
            | NodeKind::Name(_) => {}
            NodeKind::Not(inner) | NodeKind::Negate(inner) => visit(inner),
            NodeKind::And(parts) | NodeKind::Or(parts) => parts.iter().for_each(visit),
            NodeKind::Compare(_, left, right)
            | NodeKind::Arithmetic(_, left, right)
            | NodeKind::Concat(left, right) => {
                visit(left);
                visit(right);
            }
            NodeKind::In { value, items, .. } => {
                visit(value);
                items.iter().for_each(visit);
            }
            NodeKind::Between {
                value, low, high, ..
            } => {
                visit(value);
                visit(low);
                visit(high);
            }
            NodeKind::Like { value, pattern, .. } => {
                visit(value);
                visit(pattern);
            }
            NodeKind::IsNull { value, .. } => visit(value),
            NodeKind::Call { arguments, .. } => arguments.iter().for_each(visit),
        }
    }
}

/// The forms of a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// `NULL`.
    Null,
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// `'text'`.
    Text(String),
    /// `DATE 'YYYY-MM-DD'`, as days since 1970-01-01.
    Date(i32),
    /// `:param`.
    Param(String),
    /// A field or derived name.
    Name(String),
    /// `NOT x`.
    Not(Box<Node>),
    /// `a AND b AND ...`.
    And(Vec<Node>),
    /// `a OR b OR ...`.
    Or(Vec<Node>),
    /// `a = b` and its kin.
    Compare(Comparison, Box<Node>, Box<Node>),
    /// `a + b` and its kin.
    Arithmetic(Operator, Box<Node>, Box<Node>),
    /// `- a`.
    Negate(Box<Node>),
    /// `a || b`.
    Concat(Box<Node>, Box<Node>),
    /// `x [NOT] IN (...)`.
    In {
        /// The value looked for.
        value: Box<Node>,
        /// Where it is looked for.
        items: Vec<Node>,
        /// With `NOT`.
        negated: bool,
    },
    /// `x [NOT] BETWEEN low AND high`.
    Between {
        /// The value.
        value: Box<Node>,
        /// Least value that is between.
        low: Box<Node>,
        /// Greatest value that is between.
        high: Box<Node>,
        /// With `NOT`.
        negated: bool,
    },
    /// `x [NOT] LIKE 'pattern'`.
    Like {
        /// The text.
        value: Box<Node>,
        /// The pattern, a text literal if the author wrote it right.
        pattern: Box<Node>,
        /// With `NOT`.
        negated: bool,
    },
    /// `x IS [NOT] NULL`.
    IsNull {
        /// The value.
        value: Box<Node>,
        /// With `NOT`.
        negated: bool,
    },
    /// `name(...)`, with ` over unit` for an aggregate.
    Call {
        /// The function.
        name: String,
        /// What it is given.
        arguments: Vec<Node>,
        /// The unit of an aggregate: line, entry or bill.
        over: Option<(String, usize, usize)>,
    },
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Whether two values that stand in this order satisfy it.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, never integer division.
    Divide,
}

impl Operator {
    /// As written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}
