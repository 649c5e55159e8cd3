//! Reports, blocks of domains and accounts as those who look after the server see them (client API, Admin entities).

use super::{Context, account::role};
use crate::{
    clock,
    error::{Error, Result},
    moderation::{report, strike},
};
use storage::{
    AccountId, AuditId, RowId, SecretHash, account,
    domain_allow::DomainAllow,
    invite::INVITED,
    moderation::{self, AuditAction, Deed, DomainBlock as BlockRecord, Report as ReportRecord, Severity, Subject},
    sign_up_block::{CanonicalEmailBlock, EmailDomainBlock, IpBlock, IpSeverity},
    strike::Strike,
    table::hex,
    user::{self, Role as UserRole},
};
use web::entity::{
    AccountWarning, AdminAccount, AdminCanonicalEmailBlock, AdminDomainAllow, AdminDomainBlock, AdminEmailDomainBlock,
    AdminIp, AdminIpBlock, AdminReport, Appeal, AuditRow, DomainBlock, Report, Rule,
};

impl Context<'_> {
    /// An account with what is not public. Whoever calls has made sure that the viewer may know.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub fn admin_account(&self, id: AccountId) -> Result<AdminAccount> {
        let record = account::find(self.read, id)?.ok_or(Error::NotFound)?;
        let user = user::find(self.read, id)?;
        let user = user.as_ref();
        let from = user.and_then(|user| user.signed_up_from).map(|address| address.to_string());
        Ok(AdminAccount {
            id: id.to_string(),
            username: record.username.clone(),
            domain: record.domain.clone(),
            created_at: clock::iso(record.created_at),
            email: user.map(|user| user.email.clone()).unwrap_or_default(),
            ip: from.clone(),
            ips: from
                .into_iter()
                .zip(user)
                .map(|(ip, user)| AdminIp { ip, used_at: clock::iso(user.created_at) })
                .collect(),
            locale: user.map(|user| user.locale.clone()).unwrap_or_default(),
            invite_request: user.map(|user| user.reason.clone()).filter(|reason| !reason.is_empty()),
            role: role(user.map_or(UserRole::User, |user| user.role)),
            confirmed: user.is_none_or(|user| user.confirmed_at.is_some()),
            approved: user.is_none_or(|user| user.approved),
            disabled: user.is_some_and(|user| user.disabled),
            silenced: moderation::is_silenced(self.read, &record)?,
            suspended: record.suspended_at.is_some(),
            sensitized: moderation::standing(self.read, id)?.sensitized_at.is_some(),
            account: self.account(id)?,
            created_by_application_id: user.and_then(|user| user.created_by).map(|id| id.to_string()),
            invited_by_account_id: INVITED.get(self.read, &id)?.map(|invited| invited.by.to_string()),
        })
    }

    /// A report with its evidence.
    ///
    /// # Errors
    /// `NotFound` if an account of it is not known any more.
    pub fn admin_report(&self, record: &ReportRecord) -> Result<AdminReport> {
        let rules = record.rules.iter();
        let by = record.resolved.map(|resolved| resolved.by);
        Ok(AdminReport {
            id: record.id.to_string(),
            action_taken: record.resolved.is_some(),
            action_taken_at: record.resolved.map(|resolved| clock::iso(resolved.at)),
            category: report::category_name(record.category),
            comment: record.comment.clone(),
            forwarded: record.forwarded,
            created_at: clock::iso(record.created_at),
            updated_at: clock::iso(record.updated_at),
            account: self.admin_account(record.reporter)?,
            target_account: self.admin_account(record.target)?,
            assigned_account: record.assigned_to.map(|id| self.admin_account(id)).transpose()?,
            action_taken_by_account: by.map(|id| self.admin_account(id)).transpose()?,
            statuses: self.statuses(&report::evidence(self.read, record)?)?,
            rules: rules
                .map(|rule| Rule { id: rule.number.to_string(), text: rule.text.clone(), hint: String::new() })
                .collect(),
        })
    }

    /// A report as whoever made it sees it.
    ///
    /// # Errors
    /// `NotFound` if the reported account is not known any more.
    pub fn report(&self, record: &ReportRecord) -> Result<Report> {
        Ok(Report {
            id: record.id.to_string(),
            action_taken: record.resolved.is_some(),
            action_taken_at: record.resolved.map(|resolved| clock::iso(resolved.at)),
            category: report::category_name(record.category),
            comment: record.comment.clone(),
            forwarded: record.forwarded,
            created_at: clock::iso(record.created_at),
            status_ids: record.statuses.iter().map(ToString::to_string).collect(),
            rule_ids: record.rules.iter().map(|rule| rule.number.to_string()).collect(),
            collection_ids: Vec::new(),
            target_account: self.account(record.target)?,
        })
    }

    /// A strike as whoever it is about sees it (client API, AccountWarning).
    ///
    /// # Errors
    /// `NotFound` if the account is not known any more.
    pub fn account_warning(&self, id: RowId, record: &Strike) -> Result<AccountWarning> {
        let appeal = record.appeal.as_ref();
        Ok(AccountWarning {
            id: id.to_string(),
            action: strike::action_name(record.action),
            text: record.text.clone(),
            status_ids: record.statuses.iter().map(ToString::to_string).collect(),
            target_account: self.account(record.account)?,
            appeal: appeal.map(|appeal| Appeal { text: appeal.text.clone(), state: strike::state_name(appeal.state) }),
            created_at: clock::iso(record.created_at),
        })
    }

    /// A row of the audit log.
    ///
    /// # Errors
    /// Storage errors.
    pub fn audit_row(&self, id: AuditId, deed: &Deed) -> Result<AuditRow> {
        let (subject_type, subject) = match &deed.subject {
            Subject::Account(id) => ("account", id.to_string()),
            Subject::Domain(domain) => ("domain", domain.clone()),
            Subject::Report(id) => ("report", id.to_string()),
            Subject::Network(network) => ("network", network.clone()),
            Subject::Email(hash) => ("email", hash.clone()),
            Subject::Emoji(shortcode) => ("custom_emoji", shortcode.clone()),
        };
        let account = match self.account(deed.by) {
            Err(Error::NotFound) => None,
            account => Some(account?),
        };
        Ok(AuditRow {
            id: id.to_string(),
            created_at: clock::iso(deed.at),
            action: action_name(deed.action),
            reason: deed.why.clone(),
            account,
            subject_type,
            subject,
        })
    }
}

/// A server that is let in.
#[must_use]
pub fn admin_domain_allow(allow: &DomainAllow) -> AdminDomainAllow {
    AdminDomainAllow {
        id: allow.id.to_string(),
        domain: allow.domain.clone(),
        created_at: clock::iso(allow.created_at),
    }
}

/// A block of a domain as moderators see it.
#[must_use]
pub fn admin_domain_block(block: &BlockRecord) -> AdminDomainBlock {
    let written = |text: &String| (!text.is_empty()).then(|| text.clone());
    AdminDomainBlock {
        id: block.id.to_string(),
        domain: block.domain.clone(),
        digest: digest(&block.domain),
        created_at: clock::iso(block.created_at),
        severity: severity_name(block.severity),
        reject_media: block.reject_media,
        reject_reports: block.reject_reports,
        private_comment: written(&block.private_comment),
        public_comment: written(&block.public_comment),
        obfuscate: block.obfuscate,
    }
}

/// A block of a domain of e-mail addresses as those who look after the server see it.
#[must_use]
pub fn admin_email_domain_block(id: RowId, block: &EmailDomainBlock) -> AdminEmailDomainBlock {
    AdminEmailDomainBlock {
        id: id.to_string(),
        domain: block.domain.clone(),
        created_at: clock::iso(block.created_at),
        allow_with_approval: block.allow_with_approval,
        // Attempts are not counted.
        history: Vec::new(),
    }
}

/// A block of a network as those who look after the server see it.
#[must_use]
pub fn admin_ip_block(id: RowId, block: &IpBlock) -> AdminIpBlock {
    AdminIpBlock {
        id: id.to_string(),
        ip: block.network(),
        severity: ip_severity_name(block.severity),
        comment: block.comment.clone(),
        created_at: clock::iso(block.created_at),
        expires_at: block.expires_at.map(clock::iso),
    }
}

/// A block of an e-mail address as those who look after the server see it.
#[must_use]
pub fn admin_canonical_email_block(id: RowId, block: &CanonicalEmailBlock) -> AdminCanonicalEmailBlock {
    AdminCanonicalEmailBlock { id: id.to_string(), canonical_email_hash: hex(&block.hash.0) }
}

/// The word of what becomes of a network in the client API.
#[must_use]
pub fn ip_severity_name(severity: IpSeverity) -> &'static str {
    match severity {
        IpSeverity::SignUpRequiresApproval => "sign_up_requires_approval",
        IpSeverity::SignUpBlock => "sign_up_block",
        IpSeverity::NoAccess => "no_access",
    }
}

/// A block of a domain as everybody sees it.
#[must_use]
pub fn domain_block(block: &BlockRecord) -> DomainBlock {
    DomainBlock {
        domain: if block.obfuscate { obfuscated(&block.domain) } else { block.domain.clone() },
        digest: digest(&block.domain),
        severity: severity_name(block.severity),
        comment: block.public_comment.clone(),
    }
}

fn digest(domain: &str) -> String {
    hex(&SecretHash::of(domain).0)
}

/// The middle half of the name as stars, dots kept (client API, DomainBlock#domain).
fn obfuscated(domain: &str) -> String {
    let length = domain.chars().count();
    let shown = length / 4;
    let star = |(at, c): (usize, char)| if (shown..length - shown).contains(&at) && c != '.' { '*' } else { c };
    domain.chars().enumerate().map(star).collect()
}

/// The word of a severity in the client API.
fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Noop => "noop",
        Severity::Silence => "silence",
        Severity::Suspend => "suspend",
    }
}

fn action_name(action: AuditAction) -> &'static str {
    match action {
        AuditAction::Warn => "warn",
        AuditAction::Sensitize => "sensitize",
        AuditAction::Unsensitize => "unsensitize",
        AuditAction::Disable => "disable",
        AuditAction::Enable => "enable",
        AuditAction::Silence => "silence",
        AuditAction::Unsilence => "unsilence",
        AuditAction::Suspend => "suspend",
        AuditAction::Unsuspend => "unsuspend",
        AuditAction::BlockDomain => "block_domain",
        AuditAction::ChangeDomainBlock => "change_domain_block",
        AuditAction::UnblockDomain => "unblock_domain",
        AuditAction::AssignReport => "assign_report",
        AuditAction::UnassignReport => "unassign_report",
        AuditAction::ChangeReport => "change_report",
        AuditAction::ResolveReport => "resolve_report",
        AuditAction::ReopenReport => "reopen_report",
        AuditAction::AllowDomain => "allow_domain",
        AuditAction::DisallowDomain => "disallow_domain",
        AuditAction::Approve => "approve",
        AuditAction::Reject => "reject",
        AuditAction::BlockEmailDomain => "block_email_domain",
        AuditAction::UnblockEmailDomain => "unblock_email_domain",
        AuditAction::BlockIp => "block_ip",
        AuditAction::ChangeIpBlock => "change_ip_block",
        AuditAction::UnblockIp => "unblock_ip",
        AuditAction::BlockEmail => "block_email",
        AuditAction::UnblockEmail => "unblock_email",
        AuditAction::Delete => "destroy",
        AuditAction::ApproveAppeal => "approve_appeal",
        AuditAction::RejectAppeal => "reject_appeal",
        AuditAction::CreateEmoji => "create_custom_emoji",
        AuditAction::ChangeEmoji => "update_custom_emoji",
        AuditAction::EnableEmoji => "enable_custom_emoji",
        AuditAction::DisableEmoji => "disable_custom_emoji",
        AuditAction::RemoveEmoji => "destroy_custom_emoji",
        AuditAction::AddRelay => "create_relay",
        AuditAction::RemoveRelay => "destroy_relay",
        AuditAction::PauseRelay => "disable_relay",
        AuditAction::ResumeRelay => "enable_relay",
    }
}

#[cfg(test)]
mod tests {
    use super::obfuscated;

    #[test]
    fn an_obfuscated_domain_shows_its_ends_only() {
        assert_eq!(obfuscated("example.org"), "ex*****.*rg");
        assert_eq!(obfuscated("a.b"), "*.*");
    }
}
