//! Walks the list of endpoints: every row of priority 0 to 2 is answered, that is, there is a route for it that takes its
//! method.

use crate::{
    call::{id, raw},
    foreign,
    lab::{Instance, World},
};

/// A row of the list of endpoints.
pub struct Listed {
    /// `METHOD /path`, as the list has it.
    pub name: String,
    /// The scope it asks for.
    pub scope: String,
    /// `P0` to `P2`.
    pub priority: String,
}

/// Rows of priority 0 to 2, in the list's order; `None` where the list is not.
pub fn listed() -> Option<Vec<Listed>> {
    let path = foreign::endpoints()?;
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next()?.split('\t').collect();
    let column = |name: &str| head.iter().position(|cell| *cell == name).unwrap_or_else(|| panic!("no column {name}"));
    let columns = [column("method"), column("path"), column("scope"), column("priority")];
    let rows = lines.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [method, path, scope, priority] = columns.map(|at| cells.get(at).copied().unwrap_or_default());
        Listed { name: format!("{method} {path}"), scope: scope.to_owned(), priority: priority.to_owned() }
    });
    Some(rows.filter(|row| ["P0", "P1", "P2"].contains(&row.priority.as_str())).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_of_the_list_of_endpoints_is_answered() {
    let Some(rows) = listed() else { return };
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let status = id(&ann.writes("a #tag", &[]).await);
    let absent = raw(home.web(), Some(&ann.token), "GET", "/api/v1/no/such/route", "", "").await;
    assert_eq!(absent.status, 404);
    let mut missing = Vec::new();
    for row in &rows {
        let (method, path) = row.name.split_once(' ').expect("a method");
        let filled: Vec<&str> =
            path.split('/').map(|part| if part.starts_with(':') { status.as_str() } else { part }).collect();
        if !exists(&home, &ann.token, method, &filled.join("/")).await {
            missing.push(format!("{} {}", row.priority, row.name));
        }
    }
    println!("{} of {} answered", rows.len() - missing.len(), rows.len());
    assert!(missing.is_empty() && !rows.is_empty(), "not answered: {}", missing.join(", "));
}

/// Whether a route takes this method: a strange method tells which it takes without doing anything. A fixed last part
/// that a route for any id would take too must be found when it is asked for.
async fn exists(home: &Instance, token: &str, method: &str, path: &str) -> bool {
    if !takes(home, token, method, path).await {
        return false;
    }
    let (front, last) = path.rsplit_once('/').unwrap_or_default();
    let fixed = !last.bytes().all(|byte| byte.is_ascii_digit());
    let ambiguous = fixed && method == "GET" && takes(home, token, method, &format!("{front}/nothing-like-this")).await;
    !ambiguous || raw(home.web(), Some(token), method, path, "", "").await.status != 404
}

async fn takes(home: &Instance, token: &str, method: &str, path: &str) -> bool {
    let reply = raw(home.web(), Some(token), "PROPFIND", path, "", "").await;
    reply.status == 405 && reply.header("allow").is_some_and(|allow| allow.split(',').any(|one| one.trim() == method))
}
