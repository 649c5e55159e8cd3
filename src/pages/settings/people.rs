//! Whom one blocks and mutes, and domains one wants nothing of.

use super::{
    super::{
        draw::{Found, draw},
        neighbours::{Listed, Place},
    },
    Outcome, answered, outcome,
};
use crate::{
    account::excerpt,
    clock,
    error::{Error, Result},
    federation::fetch,
    http::{
        Params,
        visit::{Form, Member, Visit},
    },
    limits,
    relationship::{self, MuteOptions, Rows},
    server::Server,
    timeline::Window,
};
use axum::{extract::State, response::Response};
use storage::{
    AccountId, Bounds, Direction, Read, Tx,
    habit::{self, Habits},
    mute,
};
use web::page::settings::people::{self as page, Domains, Kind, People, Person};

const BLOCKS: &str = "/settings/blocks";
const MUTES: &str = "/settings/mutes";
const DOMAINS: &str = "/settings/domains";

/// What was typed, and why it was refused.
type Refused = Option<(String, String)>;

/// `GET /settings/blocks`
pub(super) async fn blocks(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    show(&server, &member.visit, member.account, Kind::Blocks, Place::of(&params), None).await
}

/// `GET /settings/mutes`
pub(super) async fn mutes(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    show(&server, &member.visit, member.account, Kind::Mutes, Place::of(&params), None).await
}

/// `POST /settings/blocks`
pub(super) async fn change_blocks(State(server): State<Server>, form: Form) -> Result<Response> {
    if let Some(id) = form.params.id::<AccountId>("remove") {
        return undo(&server, &form, BLOCKS, "notice-unblocked", id, relationship::unblock).await;
    }
    if form.text("do") == "tell" {
        return tell(&server, &form).await;
    }
    let added = added(&server, &form, relationship::block).await;
    finish(&server, &form, Kind::Blocks, "notice-blocked", added).await
}

/// `POST /settings/mutes`
pub(super) async fn change_mutes(State(server): State<Server>, form: Form) -> Result<Response> {
    if let Some(id) = form.params.id::<AccountId>("remove") {
        return undo(&server, &form, MUTES, "notice-unmuted", id, relationship::unmute).await;
    }
    let seconds = form.params.int("duration").filter(|seconds| *seconds > 0);
    let options = MuteOptions {
        notifications: form.params.bool("notifications").unwrap_or(false),
        duration_ms: seconds.map(|seconds| seconds.saturating_mul(1_000)),
    };
    let added = added(&server, &form, move |tx, own, id| relationship::mute(tx, own, id, options)).await;
    finish(&server, &form, Kind::Mutes, "notice-muted", added).await
}

/// Whether other servers hear of blocks from now on.
async fn tell(server: &Server, form: &Form) -> Result<Response> {
    let (own, tells_blocks) = (form.account, form.params.bool("tells_blocks").unwrap_or(false));
    let rule = move |tx: &mut Tx<'_>| {
        let habits = habit::of(tx, own)?;
        habit::put(tx, own, Habits { tells_blocks, ..habits });
        Ok(())
    };
    server.write(rule).await?;
    crate::http::visit::gone(server, BLOCKS, "notice-saved")
}

/// Finds whom the form names, at their server if need be, and does something about them. What is wrong with the name is
/// said in words.
async fn added<F>(server: &Server, form: &Form, rule: F) -> Result<()>
where
    F: Fn(&mut Tx<'_>, AccountId, AccountId) -> Result<()> + Send + 'static,
{
    let (own, typed) = (form.account, form.text("acct"));
    let words = form.visit.words;
    let found = match fetch::handle_anew(server, typed).await {
        Err(Error::NotFound | Error::Gone) => {
            let why = words.with("people-nobody", &[("name", &excerpt(typed))]);
            return Err(Error::invalid("acct", why));
        }
        Err(Error::Remote { host, .. }) => {
            return Err(Error::invalid("acct", words.with("people-silent", &[("host", &host)])));
        }
        found => found?,
    };
    server.write(move |tx| rule(tx, own, found)).await
}

async fn finish(
    server: &Server,
    form: &Form,
    kind: Kind,
    notice: &'static str,
    result: Result<()>,
) -> Result<Response> {
    let path = match kind {
        Kind::Blocks => BLOCKS,
        Kind::Mutes => MUTES,
    };
    match outcome(server, path, notice, result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => {
            let refused = Some((form.text("acct").to_owned(), why));
            show(server, &form.visit, form.account, kind, Place::of(&form.params), refused).await
        }
    }
}

/// Takes one of them back.
async fn undo(
    server: &Server,
    form: &Form,
    path: &'static str,
    notice: &'static str,
    id: AccountId,
    rule: fn(&mut Tx<'_>, AccountId, AccountId) -> Result<()>,
) -> Result<Response> {
    let own = form.account;
    server.write(move |tx| rule(tx, own, id)).await?;
    crate::http::visit::gone(server, path, notice)
}

/// A list of one's own, by row.
type OwnList = fn(&dyn Read, AccountId, Bounds, Direction, usize) -> Result<Rows>;

async fn show(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    kind: Kind,
    place: Place,
    refused: Refused,
) -> Result<Response> {
    let list: OwnList = match kind {
        Kind::Blocks => relationship::blocked,
        Kind::Mutes => relationship::muted,
    };
    let (place, said) = (place.sized(limits::ACCOUNTS_PAGE), refused.as_ref().map(|(_, why)| why.clone()));
    let shown = draw(server, visit, move |context, site| {
        let listed = place.list(|Window { bounds, direction, limit }| {
            let rows = list(context.read, own, bounds, direction, limit)?;
            Ok((rows.rows, rows.examined.map(|(newest, oldest)| (newest.0, oldest.0))))
        })?;
        let mut people = Vec::with_capacity(listed.rows.len());
        for (_, id) in &listed.rows {
            let ends = match kind {
                Kind::Mutes => mute::find(context.read, own, *id)?.and_then(|mute| mute.expires_at),
                Kind::Blocks => None,
            };
            people.push(Person { account: context.account(*id)?, ends: ends.map(clock::iso) });
        }
        let page = People {
            kind,
            people: &people,
            pager: listed.pager(),
            tells_blocks: habit::of(context.read, own)?.tells_blocks,
            typed: refused.as_ref().map_or("", |(typed, _)| typed),
            problem: refused.as_ref().map(|(_, why)| why.as_str()),
        };
        Ok(Found::Page(page::people(site, &page)))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}

/// `GET /settings/domains`
pub(super) async fn domains(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    show_domains(&server, &member.visit, member.account, Place::of(&params), None).await
}

/// `POST /settings/domains`
pub(super) async fn change_domains(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    if let Some(domain) = form.params.str("remove").map(str::to_owned) {
        let result = server.write(move |tx| relationship::unblock_domain(tx, own, &domain)).await;
        return domain_done(&server, &form, "notice-unblocked", result).await;
    }
    let domain = form.text("domain").to_owned();
    let result = server.write(move |tx| relationship::block_domain(tx, own, &domain)).await;
    domain_done(&server, &form, "notice-blocked", result).await
}

async fn domain_done(server: &Server, form: &Form, notice: &'static str, result: Result<()>) -> Result<Response> {
    match outcome(server, DOMAINS, notice, result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => {
            let refused = Some((form.text("domain").to_owned(), why));
            show_domains(server, &form.visit, form.account, Place::of(&form.params), refused).await
        }
    }
}

async fn show_domains(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    place: Place,
    refused: Refused,
) -> Result<Response> {
    let (place, said) = (place.sized(limits::DOMAIN_BLOCKS_PAGE.0), refused.as_ref().map(|(_, why)| why.clone()));
    let shown = draw(server, visit, move |context, site| {
        let listed: Listed<_> = place.list(|Window { bounds, direction, limit }| {
            let rows = relationship::blocked_domains(context.read, own, bounds, direction, limit)?;
            let ends = rows.first().zip(rows.last()).map(|(newest, oldest)| (newest.0.0, oldest.0.0));
            Ok((rows, ends))
        })?;
        let domains: Vec<_> = listed.rows.iter().map(|(_, domain)| domain.clone()).collect();
        let page = Domains {
            domains: &domains,
            pager: listed.pager(),
            typed: refused.as_ref().map_or("", |(typed, _)| typed),
            problem: refused.as_ref().map(|(_, why)| why.as_str()),
        };
        Ok(Found::Page(page::domains(site, &page)))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}
