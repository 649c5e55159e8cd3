//! Two-factor authentication: turning it on and off, other spare codes. Nothing that is shown counts before the form with
//! it comes back: what a page shows once is stored by the next request, as hashes where hashes are enough.

use super::{
    super::draw::{Found, draw},
    answered,
};
use crate::{
    account, clock,
    error::{Error, Result},
    http::visit::{Form, Member, Visit, gone},
    server::Server,
    user::{
        code::{self, Purpose},
        second_factor::{self, NotOn},
        totp,
    },
};
use axum::{extract::State, response::Response};
use http::header::SET_COOKIE;
use qrcode::{Color, QrCode};
use storage::{AccountId, SecretHash, limits::SPARE_CODES, second_factor as rows};
use web::page::settings::second_factor::{self as page, On, SetUp, Square};

const PATH: &str = "/settings/second_factor";

/// What a page shows once.
struct Fresh {
    secret: [u8; totp::SECRET_BYTES],
    codes: Vec<String>,
}

impl Fresh {
    fn drawn(server: &Server) -> Self {
        Fresh { secret: server.random_bytes(), codes: fresh_codes(server) }
    }

    /// What a form brings back.
    fn brought(form: &Form) -> Result<Self> {
        let secret = code::bytes(form.text("secret"));
        let secret = secret.ok_or_else(|| Error::invalid("secret", "secret is not what the page showed"))?;
        Ok(Fresh { secret, codes: brought_codes(form)? })
    }
}

fn fresh_codes(server: &Server) -> Vec<String> {
    (0..SPARE_CODES).map(|_| code::fresh_spare(server.random_bytes())).collect()
}

fn brought_codes(form: &Form) -> Result<Vec<String>> {
    let codes: Vec<_> = form.text("codes").split(' ').map(str::to_owned).collect();
    let mut different = codes.clone();
    different.sort();
    different.dedup();
    if different.len() == SPARE_CODES && codes.len() == SPARE_CODES {
        return Ok(codes);
    }
    Err(Error::invalid("codes", format!("codes are {}, all different; exactly {SPARE_CODES}", different.len())))
}

fn hashes(account: AccountId, codes: &[String]) -> Result<Vec<SecretHash>> {
    let hashed = codes.iter().map(|typed| code::hash(account, Purpose::Spare, typed));
    let hashed: Option<Vec<_>> = hashed.collect();
    hashed.ok_or_else(|| Error::invalid("codes", "codes are not what the page showed"))
}

/// `GET /settings/second_factor`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    let fresh = Fresh::drawn(&server);
    shown(&server, &member.visit, member.account, fresh, None).await
}

/// `POST /settings/second_factor`
pub(super) async fn send(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let browser = form.visit.browser.as_ref().ok_or(Error::Unauthorized)?;
    let knows = browser.knows_password(&server, form.params.str("password").unwrap_or_default()).await?;
    let say = |key: &str| Some(form.visit.words.say(key).into_owned());
    if form.text("do") == "off" {
        if !knows {
            let fresh = Fresh::drawn(&server);
            return shown(&server, &form.visit, own, fresh, say("leave-wrong-password")).await;
        }
        server.write(move |tx| second_factor::turn_off(tx, own)).await?;
        return anew(&server, &form, "notice-second-factor-off").await;
    }
    let fresh = Fresh::brought(&form)?;
    if !knows {
        return shown(&server, &form.visit, own, fresh, say("leave-wrong-password")).await;
    }
    let (secret, typed, spare) = (fresh.secret, form.text("code").to_owned(), hashes(own, &fresh.codes)?);
    match server.write(move |tx| second_factor::turn_on(tx, own, secret, &typed, &spare)).await? {
        Ok(()) => anew(&server, &form, "notice-second-factor-on").await,
        Err(NotOn::Code) => shown(&server, &form.visit, own, fresh, say("second-step-wrong")).await,
        Err(NotOn::Already) => gone(&server, PATH, "notice-second-factor-on"),
    }
}

/// Back to the page, in a new session: all there were have ended, this one with them.
async fn anew(server: &Server, form: &Form, notice: &'static str) -> Result<Response> {
    server.access_cache().clear();
    let mut response = gone(server, PATH, notice)?;
    response.headers_mut().append(SET_COOKIE, form.begin_anew(server).await?);
    Ok(response)
}

/// `GET /settings/second_factor/codes`
pub(super) async fn codes(State(server): State<Server>, member: Member) -> Result<Response> {
    let fresh = fresh_codes(&server);
    shown_codes(&server, &member.visit, member.account, fresh, None).await
}

/// `POST /settings/second_factor/codes`
pub(super) async fn renew_codes(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let browser = form.visit.browser.as_ref().ok_or(Error::Unauthorized)?;
    let codes = brought_codes(&form)?;
    if !browser.knows_password(&server, form.params.str("password").unwrap_or_default()).await? {
        let why = form.visit.words.say("leave-wrong-password").into_owned();
        return shown_codes(&server, &form.visit, own, codes, Some(why)).await;
    }
    let spare = hashes(own, &codes)?;
    server.write(move |tx| second_factor::renew_spare_codes(tx, own, &spare)).await?;
    gone(&server, PATH, "notice-second-factor-codes")
}

/// The page as it is now: setting up, or what there is.
async fn shown(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    fresh: Fresh,
    problem: Option<String>,
) -> Result<Response> {
    let (said, domain) = (problem.clone(), server.origin().handle_domain().to_owned());
    let drawn = draw(server, visit, move |context, site| {
        if let Some(factor) = rows::find(context.read, own)? {
            let since = clock::iso(factor.since);
            let codes_left = rows::spare_codes(context.read, own)? as u64;
            return Ok(Found::Page(page::on(site, &On { since: &since, codes_left, problem: problem.as_deref() })));
        }
        let address = totp::address(&fresh.secret, &domain, &account::require(context.read, own)?.username);
        let square = QrCode::new(address.as_bytes()).map_err(|error| Error::Bug(format!("qr code: {error}")))?;
        let width = square.width();
        let dark: Vec<_> = square.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        let set_up = SetUp {
            secret: &code::letters(&fresh.secret),
            address: &address,
            square: Square { width, dark: &dark },
            codes: &fresh.codes,
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::set_up(site, &set_up)))
    });
    drawn.await.map(|response| answered(response, said.as_deref()))
}

async fn shown_codes(
    server: &Server,
    visit: &Visit,
    own: AccountId,
    fresh: Vec<String>,
    problem: Option<String>,
) -> Result<Response> {
    let said = problem.clone();
    let drawn = draw(server, visit, move |context, site| {
        if rows::find(context.read, own)?.is_none() {
            return Ok(Found::Elsewhere(PATH.to_owned()));
        }
        Ok(Found::Page(page::new_codes(site, &fresh, problem.as_deref())))
    });
    drawn.await.map(|response| answered(response, said.as_deref()))
}
