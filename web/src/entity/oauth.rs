//! Applications, tokens and errors (client API, apps and oauth).

use serde::Serialize;
use std::collections::BTreeMap;

/// A program (client API, Application).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Application")]
pub struct Application {
    pub id: String,
    pub name: String,
    pub website: Option<String>,
    pub scopes: Vec<String>,
    pub redirect_uri: String,
    pub redirect_uris: Vec<String>,
    pub vapid_key: String,
}

/// A program that has just registered (client API, CredentialApplication).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, CredentialApplication")]
pub struct CredentialApplication {
    #[serde(flatten)]
    pub application: Application,
    pub client_id: String,
    pub client_secret: String,
    pub client_secret_expires_at: u64,
}

/// A token (client API, Token).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Token")]
pub struct Token {
    pub access_token: String,
    pub token_type: &'static str,
    pub scope: String,
    /// Seconds since 1970.
    pub created_at: i64,
}

/// What went wrong (client API, Error).
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Error")]
pub struct ErrorBody {
    pub error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

/// Where and how to ask for access (RFC 8414 §2).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of RFC 8414 §2")]
pub struct ServerMetadata {
    pub issuer: String,
    pub service_documentation: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub app_registration_endpoint: String,
    pub revocation_endpoint: String,
    pub userinfo_endpoint: String,
    pub scopes_supported: Vec<&'static str>,
    pub response_types_supported: Vec<&'static str>,
    pub response_modes_supported: Vec<&'static str>,
    pub grant_types_supported: Vec<&'static str>,
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    pub code_challenge_methods_supported: Vec<&'static str>,
}

/// Who signed in (OpenID Connect Core §5.1, as Mastodon has it).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of OpenID Connect Core §5.1")]
pub struct UserInfo {
    pub iss: String,
    pub sub: String,
    pub name: String,
    pub preferred_username: String,
    pub profile: String,
    pub picture: String,
}
