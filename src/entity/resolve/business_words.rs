//! Words that many firms have in their names. They say little about which firm it is, but that it is one.

/// Words of trade, in the form of `name.rs`; sorted.
#[rustfmt::skip]
pub(super) const BUSINESS_WORDS: &[&str] = &[
    "abarrotes", "acuicola", "agencia", "agency", "agricola", "agro", "agropecuaria", "alimentos", "american",
    "animal", "animals", "aquaculture", "aquarium", "aquatic", "aserradero", "atun", "bioproductos", "bodega",
    "brasil", "brokers", "brothers", "calzado", "camaron", "canada", "carbon", "carpinteria", "casa", "center",
    "centro", "cold", "comercial", "comercializadora", "comercio", "commerce", "commodities", "congeladora",
    "congelados", "constructora", "consulting", "cooperativa", "crab", "customs", "design", "designs", "development",
    "direct", "distribuciones", "distribuidora", "distributing", "distribution", "distributor", "distributors",
    "ejidal", "ejido", "empacadora", "empaques", "empresa", "enterprise", "enterprises", "export", "exportacion",
    "exportaciones", "exportadora", "exporters", "express", "fabrica", "factory", "farm", "farms", "fish",
    "fisheries", "fishery", "fishing", "flooring", "flora", "food", "foods", "forest", "forestal", "forestales",
    "forestry", "forwarding", "freight", "fresh", "frozen", "furniture", "general", "global", "granja", "group",
    "grupo", "handicraft", "hardwood", "hardwoods", "hermanos", "holding", "holdings", "home", "house", "import",
    "importaciones", "importadora", "importers", "industria", "industrial", "industrias", "industries", "industry",
    "internacional", "international", "inversiones", "investment", "investments", "joint", "laboratories",
    "laminados", "leather", "logistica", "logistics", "lumber", "madera", "maderas", "maderera", "madereria",
    "manufactura", "manufacturas", "manufacturing", "mar", "marina", "marine", "marisco", "mariscos", "market",
    "marketing", "material", "materials", "mayoreo", "mexicana", "mexicano", "mexico", "mill", "mills", "molduras",
    "muebles", "national", "natural", "noma", "ocean", "oceanic", "office", "organic", "pacific", "pacifico",
    "packaging", "packing", "panel", "paper", "parquet", "partners", "pescado", "pescados", "pesquera", "pet", "pets",
    "pieles", "plant", "plants", "plastics", "plywood", "premium", "procesadora", "processing", "produce",
    "producers", "production", "productora", "productores", "productos", "products", "promotora", "proveedora",
    "quality", "reptiles", "resources", "retail", "rural", "sales", "sawmill", "sea", "seafood", "seafoods",
    "service", "services", "servicios", "shipping", "shop", "shrimp", "skins", "sociedad", "solutions", "store",
    "stores", "supplies", "supply", "systems", "technology", "textil", "textiles", "timber", "tools", "trade",
    "trader", "traders", "trading", "transport", "transportes", "tropical", "united", "usa", "veneer", "ventures",
    "vivero", "warehouse", "wholesale", "wild", "wildlife", "wood", "woods", "woodworking", "world", "worldwide",
    "zoo",
];

/// Whether a word is one of them.
pub(super) fn is_business_word(word: &str) -> bool {
    BUSINESS_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted() {
        assert!(BUSINESS_WORDS.is_sorted());
    }
}
