//! How the columns of Parquet files are encoded.

use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

/// Columns that are not kept by dictionary, and those that have statistics.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Columns<'a> {
    /// Texts that are nearly all different and begin like their neighbors: kept as what differs from the text before.
    pub(super) running: &'a [&'a str],
    /// Whole numbers near those of their neighbors: kept as packed differences.
    pub(super) rising: &'a [&'a str],
    /// Values that are mostly different and have nothing in common.
    pub(super) different: &'a [&'a str],
    /// By which files are searched; no other column has statistics.
    pub(super) searched: &'a [&'a str],
}

/// A small table.
pub(super) fn small() -> WriterProperties {
    builder().set_compression(zstandard()).build()
}

/// A table with a row per shipment or entity.
pub(super) fn large(columns: Columns<'_>) -> WriterProperties {
    described(columns).set_compression(zstandard()).build()
}

/// A table that is written as fast as it can be.
pub(super) fn fast(columns: Columns<'_>) -> WriterProperties {
    described(columns)
        .set_compression(Compression::SNAPPY)
        .build()
}

fn builder() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_created_by(concat!("ch24 ", env!("CARGO_PKG_VERSION")).to_owned())
}

/// At its fastest level.
fn zstandard() -> Compression {
    Compression::ZSTD(ZstdLevel::try_new(1).expect("level 1 exists"))
}

fn described(columns: Columns<'_>) -> WriterPropertiesBuilder {
    let mut properties = builder().set_statistics_enabled(EnabledStatistics::None);
    let encoded = [
        (columns.different, Encoding::PLAIN),
        (columns.running, Encoding::DELTA_BYTE_ARRAY),
        (columns.rising, Encoding::DELTA_BINARY_PACKED),
    ];
    for (names, encoding) in encoded {
        for name in names {
            let column = ColumnPath::from(*name);
            properties = properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, encoding);
        }
    }
    for name in columns.searched {
        properties = properties
            .set_column_statistics_enabled(ColumnPath::from(*name), EnabledStatistics::Chunk);
    }
    properties
}
