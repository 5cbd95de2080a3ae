//! Tables with a line of titles, as spreadsheets write them: a field in quotes may have commas and
//! line breaks in it, and a quote is doubled.

use std::collections::BTreeMap;
use std::path::Path;

/// A row, by the titles of its columns.
pub(crate) type Row = BTreeMap<String, String>;

/// The rows of a file.
pub(crate) fn rows(path: &Path) -> Vec<Row> {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = records(&text).into_iter();
    let titles = lines.next().expect("a line of titles");
    let rows: Vec<Row> = lines
        .map(|fields| {
            assert_eq!(fields.len(), titles.len(), "{}: {fields:?}", path.display());
            titles.iter().cloned().zip(fields).collect()
        })
        .collect();
    assert!(!rows.is_empty(), "{}", path.display());
    rows
}

fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut field)),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            letter => field.push(letter),
        }
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}

#[test]
fn fields_may_have_commas_quotes_and_line_breaks() {
    let expected = [vec!["a", "b,c", "d \"e\""], vec!["", "f\ng", ""]];
    assert_eq!(records("a,\"b,c\",\"d \"\"e\"\"\"\r\n,\"f\ng\",\n"), expected);
    assert_eq!(records("a,b"), [["a", "b"]]);
}
