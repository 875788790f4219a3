//! How the columns of Parquet files are encoded.

use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

/// Zstandard at its fastest level.
fn builder() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(
            ZstdLevel::try_new(1).expect("level 1 exists"),
        ))
        .set_created_by(concat!("ch24 ", env!("CARGO_PKG_VERSION")).to_owned())
}

/// Any table.
pub(super) fn usual() -> WriterProperties {
    builder().build()
}

/// A table that is written as fast as it can be.
///
/// `running` are columns whose texts are nearly all different and begin like their neighbors: they are kept as what differs
/// from the text before. `different` are columns whose texts have nothing in common. Neither has a dictionary. Only the
/// columns by which files are searched have statistics.
pub(super) fn fast(running: &[&str], different: &[&str], searched: &[&str]) -> WriterProperties {
    let mut properties = builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None);
    for name in different {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), false);
    }
    for name in running {
        let column = ColumnPath::from(*name);
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BYTE_ARRAY);
    }
    for name in searched {
        properties = properties
            .set_column_statistics_enabled(ColumnPath::from(*name), EnabledStatistics::Chunk);
    }
    properties.build()
}
