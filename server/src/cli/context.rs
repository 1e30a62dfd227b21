//! Where a command is carried out: the server or its file, the tenant, and how answers are printed.

use serde_json::Value;

use super::backend::Backend;
use super::table::{self, cell};
use crate::admin::Call;

/// Rows asked for in one call of a list.
pub(super) const LIST_PIECE: usize = 1_000;

/// Why a command did not work.
#[derive(Debug)]
pub(super) enum Failed {
    /// Wrong use: exit code 2.
    Use(String),
    /// It did not work: exit code 1.
    Work(String),
}

impl Failed {
    pub(super) fn work(error: impl std::fmt::Display) -> Self {
        Self::Work(error.to_string())
    }
}

/// What a command ends in.
pub(super) type Done = Result<(), Failed>;

/// A command's surroundings.
pub(super) struct Context {
    pub(super) backend: Backend,
    pub(super) tenant: Option<String>,
    pub(super) json: bool,
}

impl Context {
    /// The tenant: the one named, or the only one.
    pub(super) fn tenant_id(&self) -> Result<String, Failed> {
        if let Some(tenant) = &self.tenant {
            return Ok(tenant.clone());
        }
        let answer = self.backend.call(&Call::new("GET", &["tenants"], Value::Null))?;
        let ids: Vec<&str> = answer["tenants"]
            .as_array()
            .map(|tenants| tenants.iter().filter_map(|tenant| tenant["id"].as_str()).collect())
            .unwrap_or_default();
        match ids[..] {
            [only] => Ok(only.to_owned()),
            [] => Err(Failed::Work("there is no organisation yet: tenant add".to_owned())),
            _ => Err(Failed::Use(format!("which organisation? --tenant {}", ids.join(" | ")))),
        }
    }

    pub(super) fn within(&self, method: &str, path: &[&str], body: Value) -> Result<Call, Failed> {
        let tenant = self.tenant_id()?;
        let mut whole = vec!["tenants", tenant.as_str()];
        whole.extend(path);
        Ok(Call::new(method, &whole, body))
    }

    /// Makes a call and says in one line that it is done.
    pub(super) fn done(&self, call: &Call, text: &str) -> Done {
        let answer = self.backend.call(call)?;
        if self.json {
            println!("{answer}")
        } else {
            println!("{text}")
        }
        Ok(())
    }

    /// Makes a call and prints one member of the answer.
    pub(super) fn show(&self, call: &Call, member: &str) -> Done {
        let answer = self.backend.call(call)?;
        if self.json {
            println!("{answer}")
        } else {
            println!("{}", cell(&answer[member]))
        }
        Ok(())
    }

    /// Makes a call and prints its message, or all members.
    pub(super) fn tell(&self, call: &Call) -> Done {
        let answer = self.backend.call(call)?;
        if self.json {
            println!("{answer}");
        } else if let Some(message) = answer["message"].as_str() {
            println!("{message}");
        } else {
            self.members(&answer);
        }
        Ok(())
    }

    pub(super) fn members(&self, answer: &Value) {
        let Some(members) = answer.as_object() else { return };
        let width = members.keys().map(String::len).max().unwrap_or(0);
        for (name, value) in members {
            let below = format!("\n{:width$}  ", "");
            println!("{name:width$}  {}", cell(value).replace('\n', &below));
        }
    }

    pub(super) fn list(&self, call: &Call, member: &str, columns: &[(&str, &str)]) -> Done {
        let answer = self.backend.call(call)?;
        if self.json {
            println!("{}", answer[member]);
        } else {
            let none = Vec::new();
            table::print(answer[member].as_array().unwrap_or(&none), columns);
        }
        Ok(())
    }

    /// All pages of a list.
    pub(super) fn pages(
        &self,
        path: &[&str],
        member: &str,
        with: &[(&str, String)],
    ) -> Result<Vec<Value>, Failed> {
        let mut rows = Vec::new();
        let mut after = None;
        loop {
            let mut call = self.within("GET", path, Value::Null)?.with("limit", LIST_PIECE);
            for (name, value) in with {
                call = call.with(name, value);
            }
            if let Some(after) = after {
                call = call.with("after", after);
            }
            let mut answer = self.backend.call(&call)?;
            if let Some(page) = answer[member].as_array_mut() {
                rows.append(page);
            }
            match &answer["next"] {
                Value::Null => return Ok(rows),
                next => after = Some(next.as_str().map_or_else(|| next.to_string(), str::to_owned)),
            }
        }
    }

    pub(super) fn rows(&self, rows: &[Value], columns: &[(&str, &str)]) -> Done {
        if self.json {
            println!("{}", Value::from(rows.to_vec()));
        } else {
            table::print(rows, columns);
        }
        Ok(())
    }
}
