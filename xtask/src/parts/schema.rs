//! The generated files are what the settings table says.
use super::{Context, Verdict, check};
use crate::run::Trouble;
use crate::schema;
use std::fs;

pub(super) fn run(context: &Context) -> Result<Verdict, Trouble> {
    if !context.broken() {
        return check(context, "schema", &mut schema::check(&context.root));
    }
    // A folder in which every generated file is missing.
    let empty = context.target.join("xtask/empty");
    fs::create_dir_all(&empty).map_err(|e| format!("{}: {e}", empty.display()))?;
    check(context, "schema", &mut schema::check(&empty))
}
