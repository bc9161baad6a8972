//! What columns are called: in the five languages of customers' texts, by this core and by tills and spreadsheets.

use super::Column;
use crate::message::Language;
use crate::text::search_key;

/// What this core calls them, in the order of [`Column::ALL`].
pub(super) const fn written(language: Language) -> [&'static str; 5] {
    match language {
        Language::Nb => ["Beskrivelse", "Pris", "MVA", "Varenummer", "Favoritt"],
        Language::Nn => ["Skildring", "Pris", "MVA", "Varenummer", "Favoritt"],
        Language::En => ["Description", "Price", "VAT", "Item number", "Favourite"],
        Language::Sv => ["Beskrivning", "Pris", "Moms", "Artikelnummer", "Favorit"],
        Language::Da => ["Beskrivelse", "Pris", "Moms", "Varenummer", "Favorit"],
    }
}

/// What others call them.
const ALSO: [(Column, &[&str]); 5] = [
    (
        Column::Description,
        &[
            "navn",
            "namn",
            "name",
            "vare",
            "varenavn",
            "varenamn",
            "varunamn",
            "produkt",
            "produktnavn",
            "produktnamn",
            "product",
            "item",
            "artikel",
            "artikelnamn",
            "artikkel",
            "benämning",
            "tekst",
            "text",
            "tittel",
            "title",
        ],
    ),
    (
        Column::UnitPrice,
        &[
            "unit_price",
            "unit price",
            "enhetspris",
            "enhedspris",
            "einingspris",
            "à-pris",
            "a-pris",
            "stykkpris",
            "stykpris",
            "styckpris",
            "utsalgspris",
            "salgspris",
            "salspris",
            "försäljningspris",
            "amount",
            "beløp",
            "belopp",
        ],
    ),
    (Column::Vat, &["mva-sats", "mva sats", "mvasats", "momssats", "vat rate", "tax", "tax rate", "avgift", "skatt"]),
    (
        Column::Number,
        &[
            "number",
            "nummer",
            "nr",
            "no",
            "varenr",
            "vare nr",
            "produktnummer",
            "produktnr",
            "artikkelnummer",
            "artikkelnr",
            "artikelnr",
            "art.nr",
            "item no",
            "product number",
            "sku",
            "ean",
            "gtin",
            "id",
            "kode",
            "kod",
            "code",
        ],
    ),
    (Column::Favourite, &["favorite", "favoritter", "favoriter", "star", "stjerne", "stjärna"]),
];

/// The column of this name.
pub(super) fn column(name: &str) -> Option<Column> {
    // `Pris (inkl. mva)`, `MVA %`
    let name = search_key(name);
    let name = name.split(['(', '%', '[']).next().unwrap_or_default().trim().trim_end_matches([':', '.', '*']);
    let ours = Language::ALL.iter().find_map(|language| {
        Column::ALL
            .into_iter()
            .zip(written(*language))
            .find(|(_, one)| search_key(one) == name)
            .map(|(column, _)| column)
    });
    ours.or_else(|| ALSO.iter().find(|(_, names)| names.contains(&name)).map(|(column, _)| *column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_known_by_its_names_in_every_language() {
        for language in Language::ALL {
            assert_eq!(written(language).map(column), Column::ALL.map(Some), "{language:?}");
        }
        for (name, wanted) in [
            (" PRIS (inkl. mva) ", Column::UnitPrice),
            ("mva %", Column::Vat),
            ("Art.nr.", Column::Number),
            ("benämning", Column::Description),
        ] {
            assert_eq!(column(name), Some(wanted), "{name}");
        }
        assert_eq!(column("Honning 500 g"), None);
        assert_eq!(column(""), None);
    }
}
