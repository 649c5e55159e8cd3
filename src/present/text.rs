//! Long texts of the server, and what happened here (client API, ExtendedDescription, PrivacyPolicy, TermsOfService).

use super::Context;
use crate::{
    clock,
    error::{Error, Result},
    instance::{
        self,
        texts::{self, Terms},
    },
};
use storage::{Timestamp, instance::identity, text::Text};
use web::entity::{ServerText, TermsOfService, WeekOfActivity};

impl Context<'_> {
    /// What the server is; empty, since it was made, if nobody wrote it down.
    ///
    /// # Errors
    /// Storage errors.
    pub fn about_text(&self) -> Result<ServerText> {
        if let Some(text) = texts::about(self.read)? {
            return Ok(self.server_text(&text));
        }
        let made = identity(self.read)?.map_or(Timestamp(0), |identity| identity.created_at);
        Ok(ServerText { updated_at: clock::iso(made), content: String::new() })
    }

    /// The privacy policy.
    ///
    /// # Errors
    /// Storage errors.
    pub fn privacy_policy(&self) -> Result<ServerText> {
        Ok(self.server_text(&texts::privacy(self.read)?))
    }

    /// The terms of service that count now.
    ///
    /// # Errors
    /// `NotFound` if there are none.
    pub fn terms_of_service(&self, now: Timestamp) -> Result<TermsOfService> {
        let terms = texts::terms(self.read, now)?.ok_or(Error::NotFound)?;
        Ok(self.terms(&terms, now))
    }

    /// The terms of service that count from this day on.
    ///
    /// # Errors
    /// `NotFound` if none begin there.
    pub fn terms_of_service_from(&self, from: Timestamp, now: Timestamp) -> Result<TermsOfService> {
        Ok(self.terms(&texts::terms_from(self.read, from)?, now))
    }

    /// What happened here in the last weeks, the newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn activity(&self, now: Timestamp) -> Result<Vec<WeekOfActivity>> {
        let weeks = instance::weeks(self.read, now)?.into_iter();
        let drawn = weeks.map(|(week, activity)| WeekOfActivity {
            week: week.start().0.div_euclid(1000).to_string(),
            statuses: activity.statuses.to_string(),
            logins: activity.active.to_string(),
            registrations: activity.registrations.to_string(),
        });
        Ok(drawn.collect())
    }

    fn server_text(&self, text: &Text) -> ServerText {
        ServerText { updated_at: clock::iso(text.set_at), content: self.text_html(text) }
    }

    fn terms(&self, terms: &Terms, now: Timestamp) -> TermsOfService {
        TermsOfService {
            effective_date: clock::iso_date(terms.from),
            effective: terms.from <= now,
            content: self.text_html(&terms.text),
            succeeded_by: terms.succeeded_by.map(clock::iso_date),
        }
    }

    fn text_html(&self, text: &Text) -> String {
        texts::html(&text.markdown, self.origin.handle_domain())
    }
}
