//! Which notifications come, which are kept aside, which are dropped.

use super::{
    super::draw::{Found, draw, zone},
    Outcome, answered, outcome,
};
use crate::{
    error::{Error, Result},
    http::visit::{Form, Member, Visit},
    notification::{self, Change},
    present::notification::treatment_named,
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::{
    AccountId, Tx,
    filtered::Treatment,
    quiet::{self, QuietHours},
    user,
};
use web::page::settings::notifications as page;

const PATH: &str = "/settings/notifications";

/// `GET /settings/notifications`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None).await
}

/// `POST /settings/notifications`
pub(super) async fn save(State(server): State<Server>, form: Form) -> Result<Response> {
    match outcome(&server, PATH, "notice-saved", kept(&server, &form).await)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => drawn(&server, &form.visit, form.account, Some(why)).await,
    }
}

async fn kept(server: &Server, form: &Form) -> Result<()> {
    let own = form.account;
    match form.params.str("do") {
        Some("quiet") => {
            let hours = hours(form, zone(server, &form.visit).await?.name())?;
            return keep_hours(server, own, hours).await;
        }
        Some("loud") => return keep_hours(server, own, None).await,
        _ => {}
    }
    let change = Change {
        not_following: treatment(form, "for_not_following")?,
        not_followers: treatment(form, "for_not_followers")?,
        new_accounts: treatment(form, "for_new_accounts")?,
        private_mentions: treatment(form, "for_private_mentions")?,
        limited_accounts: treatment(form, "for_limited_accounts")?,
        bots: treatment(form, "for_bots")?,
    };
    server.write(move |tx| notification::change_policy(tx, own, change)).await
}

async fn keep_hours(server: &Server, own: AccountId, hours: Option<QuietHours>) -> Result<()> {
    let rule = move |tx: &mut Tx<'_>| {
        quiet::put(tx, own, hours.as_ref());
        Ok(())
    };
    server.write(rule).await
}

/// The quiet hours that were typed; none where both fields are empty.
fn hours(form: &Form, zone: &str) -> Result<Option<QuietHours>> {
    match (form.text("from"), form.text("until")) {
        ("", "") => Ok(None),
        (from, until) => {
            Ok(Some(QuietHours { zone: zone.to_owned(), from: minute("from", from)?, until: minute("until", until)? }))
        }
    }
}

/// The minute of the day that a field for a time says (HTML §2.3.4: `HH:MM`, seconds may follow).
fn minute(field: &'static str, typed: &str) -> Result<u16> {
    let unreadable = || Error::invalid(field, format!("{typed:?} is no time of the day like 22:30"));
    let mut parts = typed.split(':');
    let mut part = |below: u16| {
        let digits = parts.next().filter(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse::<u16>().ok().filter(|number| *number < below)
    };
    let (hour, minute) = part(24).zip(part(60)).ok_or_else(unreadable)?;
    Ok(hour * 60 + minute)
}

/// A minute of the day as such a field takes it.
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// What was chosen; a field that was not sent stays as it is.
fn treatment(form: &Form, field: &'static str) -> Result<Option<Treatment>> {
    let Some(word) = form.params.str(field) else { return Ok(None) };
    let unknown = || Error::invalid(field, format!("{field} is none of those that can be chosen"));
    treatment_named(word).map(Some).ok_or_else(unknown)
}

async fn drawn(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let (said, sends_mail) = (problem.clone(), server.config().mail.is_some());
    let shown = draw(server, visit, move |context, site| {
        let email = user::find(context.read, own)?.map(|user| user.email);
        let email = email.filter(|email| sends_mail && !email.is_empty());
        let policy = context.notification_policy(own)?;
        let hours = quiet::find(context.read, own)?;
        let [from, until] = hours.as_ref().map(|hours| [clock(hours.from), clock(hours.until)]).unwrap_or_default();
        let zone = hours.as_ref().map_or("", |hours| &hours.zone);
        let quiet = page::Quiet { from: &from, until: &until, zone };
        Ok(Found::Page(page::notifications(site, &policy, &quiet, email.as_deref(), problem.as_deref())))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_day_are_read_as_fields_send_them() {
        let read = |typed: &str| minute("from", typed).ok();
        assert_eq!(["00:00", "07:05", "23:59", "22:30:15"].map(read), [Some(0), Some(425), Some(1_439), Some(1_350)]);
        for odd in ["", "7:05", "24:00", "12:60", "12", "ab:cd", "-1:00", "+1:00", "12:+5"] {
            assert_eq!(read(odd), None, "{odd}");
        }
        assert_eq!([0, 425, 1_439].map(clock), ["00:00", "07:05", "23:59"]);
    }
}
