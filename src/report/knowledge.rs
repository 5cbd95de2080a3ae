//! Knowledge as JSON, in the forms that `docs/knowledge.schema.json` describes.

use super::json::form;
use crate::knowledge::{ChartRow, Distribution, Driver, Known, Listed, sheet};
use serde::Serialize;

/// Goes up when a field changes its meaning or goes away; new fields leave it as it is.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Drivers<'k> {
    drivers: Vec<Named<'k>>,
    listed: Vec<&'k Listed>,
}

/// A driver's file with its name, and what the table of charts says of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Named<'k> {
    name: &'k str,
    #[serde(flatten)]
    driver: &'k Driver,
    helm: Vec<&'k ChartRow>,
}

#[derive(Serialize)]
struct Distributions<'k> {
    distributions: &'k [&'k Distribution],
}

/// Drivers for other programs.
#[must_use]
pub fn drivers(all: &[Known<'_>], charts: &[ChartRow]) -> String {
    let (mut drivers, mut listed) = (Vec::new(), Vec::new());
    for known in all {
        match *known {
            Known::Driver(name, driver) => {
                drivers.push(Named { name, driver, helm: sheet::charts_of(driver, charts) });
            }
            Known::Listed(row) => listed.push(row),
        }
    }
    form(VERSION, Drivers { drivers, listed })
}

/// Distributions for other programs.
#[must_use]
pub fn distributions(rows: &[&Distribution]) -> String {
    form(VERSION, Distributions { distributions: rows })
}
