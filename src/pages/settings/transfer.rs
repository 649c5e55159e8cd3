//! Taking tables along, bringing them, and how far what was brought has come.

use super::{
    super::draw::{Found, draw},
    answered,
};
use crate::{
    clock,
    error::{Error, Result},
    filter,
    http::{
        pieces,
        value::Value,
        visit::{Form, Member, Visit, gone},
    },
    limits,
    server::Server,
    transfer::{self, Brought, Place, kind_name, kind_named, source},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bytes::Bytes;
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
};
use std::sync::Arc;
use storage::{
    AccountId, Read, RowId,
    follow_source::SourceState,
    import::{Import, ImportMode, ImportStage, Refusal},
};
use web::page::settings::transfer::{self as page, Why};

/// `GET /settings/import`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None).await
}

/// `POST /settings/import`
pub(super) async fn bring(State(server): State<Server>, form: Form) -> Result<Response> {
    if form.text("kind") == page::FILTERS {
        return match filters(&server, &form).await {
            Ok(()) => gone(&server, "/settings/filters", "notice-filters-brought"),
            Err(Error::Invalid { why, .. }) => drawn(&server, &form.visit, form.account, Some(why)).await,
            Err(error) => Err(error),
        };
    }
    match begun(&server, &form).await {
        Ok(id) => gone(&server, &format!("/settings/import/{id}"), "notice-import-begun"),
        Err(Error::Invalid { why, .. }) => drawn(&server, &form.visit, form.account, Some(why)).await,
        Err(error) => Err(error),
    }
}

/// `POST /settings/import/account`: whom an account elsewhere follows.
pub(super) async fn ask(State(server): State<Server>, form: Form) -> Result<Response> {
    let (own, account) = (form.account, form.text("account").to_owned());
    match server.write(move |tx| source::ask(tx, own, &account)).await {
        Ok(()) => gone(&server, "/settings/import", "notice-people-come"),
        Err(Error::Invalid { why, .. }) => drawn(&server, &form.visit, own, Some(why)).await,
        Err(error) => Err(error),
    }
}

async fn begun(server: &Server, form: &Form) -> Result<RowId> {
    let own = form.account;
    let kind =
        kind_named(form.text("kind")).ok_or_else(|| Error::invalid("kind", "kind is none that can be brought"))?;
    let mode = match form.text("mode") {
        "overwrite" => ImportMode::Overwrite,
        _ => ImportMode::Merge,
    };
    let file = chosen(form)?;
    let rows = server.on_disk(move || transfer::read(kind, &file)).await?;
    server.write(move |tx| transfer::begin(tx, own, kind, mode, rows.clone())).await
}

fn chosen(form: &Form) -> Result<Bytes> {
    match form.params.get("file") {
        Some(Value::File(file)) if !file.bytes.is_empty() => Ok(file.bytes.clone()),
        _ => Err(Error::invalid("file", form.visit.words.say("transfer-no-file"))),
    }
}

/// Brings filters, each in a commit of its own: those before one that is refused are there, and are passed over when the
/// file comes again. What the file does not have goes after all of it was taken, and before only where both do not fit.
async fn filters(server: &Server, form: &Form) -> Result<()> {
    let (own, file, now) = (form.account, chosen(form)?, server.now());
    let brought = Arc::new(server.on_disk(move || transfer::read_filters(&file, now)).await?);
    // Nothing goes for a file that could not come.
    for filter in brought.iter() {
        filter.check(now).map_err(|error| named(form, filter.title(), error))?;
    }
    let (overwrites, mut kept) = (form.text("mode") == "overwrite", Vec::with_capacity(brought.len()));
    for filter in brought.iter() {
        if overwrites {
            make_room(server, own, filter, &brought).await?;
        }
        let taken = filter.clone();
        let outcome = server.write(move |tx| transfer::bring(tx, own, &taken)).await;
        kept.push(outcome.map_err(|error| named(form, filter.title(), error))?);
    }
    if overwrites {
        for id in server.read(move |view| transfer::others(view, own, &kept)).await? {
            forget(server, own, id).await?;
        }
    }
    Ok(())
}

/// A refusal that says which filter it is about.
fn named(form: &Form, title: &str, error: Error) -> Error {
    match error {
        Error::Invalid { field, why } => Error::invalid(field, format!("{title}: {}", form.visit.words.refusal(&why))),
        other => other,
    }
}

/// Removes of what the file does not have as much as `next` needs.
async fn make_room(server: &Server, own: AccountId, next: &Brought, all: &Arc<Vec<Brought>>) -> Result<()> {
    loop {
        let (next, all) = (next.clone(), Arc::clone(all));
        let Some(id) = server.read(move |view| transfer::in_the_way(view, own, &next, &all)).await? else {
            return Ok(());
        };
        forget(server, own, id).await?;
    }
}

async fn forget(server: &Server, own: AccountId, id: RowId) -> Result<()> {
    match server.write(move |tx| filter::delete(tx, own, id)).await {
        Err(Error::NotFound) => Ok(()),
        outcome => outcome,
    }
}

async fn drawn(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let said = problem.clone();
    let shown = draw(server, visit, move |context, site| {
        let imports: Vec<_> = transfer::list(context.read, own)?.iter().map(|(id, import)| told(*id, import)).collect();
        let source = source::find(context.read, own)?.map(|known| page::Source {
            handle: known.handle,
            state: match known.state {
                SourceState::Reading => page::SourceState::Reading,
                SourceState::Brought(import) => page::SourceState::Brought(import.to_string()),
                SourceState::Failed(why) => page::SourceState::Failed(why),
            },
            cut: known.cut,
        });
        let shown = page::Transfer {
            imports: &imports,
            rows_max: limits::IMPORT_ROWS as u64,
            source: source.as_ref(),
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::transfer(site, &shown)))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}

/// `GET /settings/import/ID`
pub(super) async fn one(State(server): State<Server>, Path(id): Path<String>, member: Member) -> Result<Response> {
    let (own, id) = (member.account, id.parse().map(RowId).map_err(|_| Error::NotFound)?);
    draw(&server, &member.visit, move |context, site| {
        let import = transfer::require(context.read, own, id)?;
        let refused = transfer::refused(context.read, own, id)?;
        let refused: Vec<_> = refused.into_iter().map(|(subject, why)| (subject, said(why))).collect();
        Ok(Found::Page(page::import(site, &told(id, &import), &refused)))
    })
    .await
}

fn told(id: RowId, import: &Import) -> page::Import {
    page::Import {
        id: id.to_string(),
        kind: kind_name(import.kind),
        since: clock::iso(import.created_at),
        ended: import.stage == ImportStage::Ended,
        rows: import.rows.into(),
        taken: import.taken.into(),
        refused: import.refused.into(),
        removed: import.removed.into(),
    }
}

fn said(why: Refusal) -> Why {
    match why {
        Refusal::Unreadable => Why::Unreadable,
        Refusal::Unknown => Why::Unknown,
        Refusal::Silent => Why::Silent,
        Refusal::NotAllowed => Why::NotAllowed,
    }
}

/// `GET /settings/export/KIND.csv`, and the filters as JSON
pub(super) async fn take(State(server): State<Server>, Path(file): Path<String>, member: Member) -> Result<Response> {
    let (own, origin) = (member.account, server.origin().clone());
    let (mut response, kind) = match file.as_str() {
        "filters.json" => {
            let written = server.read(move |view| transfer::written(view, own)).await?;
            (Response::new(written.into()), "application/json")
        }
        "favourites.csv" => {
            let step = move |read: &dyn Read, place| transfer::favourites(read, &origin, own, place);
            (pieces::answer(&server, Place::Start, step), TABLE)
        }
        name => {
            let kind = name.strip_suffix(".csv").and_then(kind_named).ok_or(Error::NotFound)?;
            let step = move |read: &dyn Read, place| transfer::page(read, &origin, own, kind, place);
            (pieces::answer(&server, Place::Start, step), TABLE)
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"{file}\"")) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

const TABLE: &str = "text/csv; charset=utf-8";
