//! The closed words of a rule pack: themes, levels, families and so on.
//!
//! What comes in: a word as it is written in YAML. What goes out: a small enum, and the word again. Each word list
//! stands here once; messages, schema and outputs are derived from `ALL`.

use std::fmt;

use serde::Serialize;

/// An enum whose every value is one word of YAML; what the reader needs to read and to suggest it.
pub(crate) trait Word: Copy + fmt::Debug + 'static {
    /// Every value, in the order of declaration.
    const WORDS: &'static [Self];
    /// What a value is, with its article, for messages.
    const WHAT: &'static str;
    /// The word of a value.
    fn word(self) -> &'static str;
}

/// Declares an enum together with the words of its values.
macro_rules! words {
    ($(#[$about:meta])* $name:ident, $what:literal, { $($(#[$doc:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $value,)+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$value,)+];

            /// The word as it is written in YAML and in outputs.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }

            /// Reads the exact word; none for any other text.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }

        impl Word for $name {
            const WORDS: &'static [Self] = Self::ALL;
            const WHAT: &'static str = $what;

            fn word(self) -> &'static str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.as_str())
            }
        }
    };
}

words! {
    /// What a rule is about.
    Theme, "a theme", {
        /// Illegal timber.
        Timber = "timber",
        /// Wildlife trafficking.
        Wildlife = "wildlife",
        /// Illegal, unreported and unregulated fishing.
        Iuu = "iuu",
        /// Counts for each theme in whose scope the row is.
        Cross = "cross",
    }
}

words! {
    /// The unit that a hit counts once for.
    Level, "a level", {
        /// One species or constituent of a line.
        Component = "component",
        /// One declared line.
        Line = "line",
        /// One entry.
        Entry = "entry",
        /// One bill of lading.
        Bill = "bill",
    }
}

words! {
    /// What kind of evidence a rule rests on; each family is capped.
    Family, "a family", {
        /// A document that is missing, wrong or out of date.
        Document = "document",
        /// The species itself.
        Species = "species",
        /// Declared value.
        Price = "price",
        /// Declared quantity or weight.
        Quantity = "quantity",
        /// The way the goods took.
        Routing = "routing",
        /// Who the parties are.
        Entity = "entity",
        /// What earlier lines showed.
        History = "history",
        /// A party, vessel or place that stands on a list.
        List = "list",
    }
}

impl Family {
    /// True when a rule of this family may subtract points.
    pub const fn may_mitigate(self) -> bool {
        !matches!(self, Self::Document | Self::Species | Self::List)
    }
}

words! {
    /// How bad it is if the suspicion is right.
    Severity, "a severity", {
        /// Worth noting.
        Low = "low",
        /// Worth a question.
        Medium = "medium",
        /// Worth an examination.
        High = "high",
        /// Inadmissible if true.
        Critical = "critical",
    }
}

words! {
    /// The least that a hit leads to, whatever the score.
    Floor, "a floor", {
        /// At least yellow.
        Review = "review",
        /// Red.
        Examine = "examine",
    }
}

words! {
    /// Whether a rule counts.
    Status, "a status", {
        /// Evaluated and reported, never counted.
        Draft = "draft",
        /// Counted.
        Active = "active",
        /// Was active once; not evaluated.
        Retired = "retired",
        /// Was proposed once; not evaluated.
        Rejected = "rejected",
    }
}

words! {
    /// What kind of filing a row comes from.
    Stage, "a stage", {
        /// Carrier's manifest.
        Manifest = "manifest",
        /// Importer security filing.
        Isf = "isf",
        /// Movement in bond.
        InBond = "in_bond",
        /// Release.
        Release = "release",
        /// Entry summary.
        EntrySummary = "entry_summary",
        /// After the summary.
        PostSummary = "post_summary",
        /// Records of past years.
        Historical = "historical",
    }
}

words! {
    /// How a value finds its key in a list.
    MatchKind, "a way to match", {
        /// The whole value is the key.
        Exact = "exact",
        /// The value starts with the key.
        Prefix = "prefix",
        /// The key is the species, its genus or its family.
        Taxon = "taxon",
    }
}

words! {
    /// What the cells of a list column hold.
    ColumnType, "a column type", {
        /// Text.
        Text = "text",
        /// Numbers.
        Number = "number",
        /// Dates.
        Date = "date",
    }
}

words! {
    /// What a history feature gives.
    FeatureKind, "a kind of feature", {
        /// Days since the key was first seen.
        FirstSeenDays = "first_seen_days",
        /// How many earlier lines or shipments the key has.
        Count = "count",
        /// The sum of a value over earlier lines.
        Sum = "sum",
        /// How many different values earlier lines have.
        Distinct = "distinct",
        /// The recent rate against the trailing mean.
        Spike = "spike",
        /// The smoothed share of earlier lines with a bad outcome.
        OutcomeRate = "outcome_rate",
        /// The share of earlier lines with a smaller value.
        PeerQuantile = "peer_quantile",
        /// How many other parties used the key before.
        Repeat = "repeat",
        /// What another feed would have to supply.
        External = "external",
    }
}

impl FeatureKind {
    /// True when the feature is about a value besides its key.
    pub const fn takes_value(self) -> bool {
        matches!(
            self,
            Self::Sum | Self::Distinct | Self::PeerQuantile | Self::Repeat
        )
    }

    /// True when `NAME_support` says how many earlier lines a value rests on.
    pub const fn has_support(self) -> bool {
        matches!(self, Self::OutcomeRate | Self::PeerQuantile)
    }
}

words! {
    /// The type of an external feature.
    FeatureType, "a type", {
        /// True or false.
        Boolean = "boolean",
        /// A number.
        Number = "number",
        /// A text.
        Text = "text",
        /// A date.
        Date = "date",
    }
}

words! {
    /// What a feature counts.
    CountUnit, "a unit", {
        /// Lines.
        Line = "line",
        /// Shipments, each once.
        Shipment = "shipment",
    }
}

words! {
    /// When a source column is written.
    KnownAt, "a moment", {
        /// By the filer, before any decision.
        Filing = "filing",
        /// By the inspector; left out of a judgment.
        Inspection = "inspection",
    }
}

words! {
    /// What an outcome was found by.
    OutcomeBasis, "a basis", {
        /// Papers were read.
        DocumentReview = "document_review",
        /// Goods were looked at.
        Exam = "exam",
        /// A laboratory identified the material.
        Lab = "lab",
        /// Books were audited.
        Audit = "audit",
    }
}

words! {
    /// What was wrong.
    OutcomeKind, "a kind of outcome", {
        /// Papers.
        Documentary = "documentary",
        /// Amount.
        Quantity = "quantity",
        /// Another species than declared.
        Species = "species",
        /// May not be traded at all.
        Prohibited = "prohibited",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What an outcome covers.
    OutcomeScope, "a scope", {
        /// The line alone.
        Line = "line",
        /// The whole shipment.
        Shipment = "shipment",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_serializes_as_written() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(*stage));
            assert_eq!(serde_json::to_value(stage).unwrap(), stage.as_str());
        }
        assert_eq!(Theme::parse("Timber"), None);
        assert_eq!(format!("{:>8}", Theme::Iuu), "     iuu");
    }
}
