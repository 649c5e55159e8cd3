//! Numbers for a dashboard (client API, admin/measures, admin/dimensions, admin/retention). Keys that nothing is known of
//! are passed over, as Mastodon does.

use super::draw;
use crate::{
    account::{excerpt, handle::normalise_domain},
    clock,
    error::{Error, Result},
    http::{Json, Params, Viewer, value::Map},
    limits,
    moderation::{
        Power,
        measure::{self, Cohort, Frequency, Measure, Measured, Period},
    },
    present::{Context, language::LANGUAGES},
    server::Server,
};
use axum::{Router, extract::State, routing::post};
use storage::{Timestamp, activity::Day};
use web::entity::{AdminCohort, AdminDimension, AdminMeasure, CohortDay, DimensionRow, MeasureDay};

pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/admin/measures", post(measures))
        .route("/api/v1/admin/dimensions", post(dimensions))
        .route("/api/v1/admin/retention", post(retention))
}

const READ: &str = "admin:read";

async fn measures(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Vec<AdminMeasure>>> {
    viewer.require(READ)?;
    let (period, now) = (period(&params)?, server.now());
    let wanted: Vec<_> = keys(&params).into_iter().filter_map(|key| Some((measured(&params, &key)?, key))).collect();
    let drawn = draw(&server, &viewer, Power::ViewDashboard, move |context| {
        let mut drawn = Vec::new();
        for (what, key) in wanted {
            let found = measure::measure(context.read, &what, period, now)?;
            drawn.extend(found.map(|found| drawn_measure(key, &found)));
        }
        Ok(drawn)
    });
    drawn.await.map(Json)
}

/// What a key means; servers are named beside it, as `instance_accounts[domain]`.
fn measured(params: &Map, key: &str) -> Option<Measured> {
    let domain = || domain_of(params, key);
    match key {
        "active_users" => Some(Measured::ActiveUsers),
        "new_users" => Some(Measured::NewUsers),
        "interactions" => Some(Measured::Interactions),
        "opened_reports" => Some(Measured::OpenedReports),
        "resolved_reports" => Some(Measured::ResolvedReports),
        "instance_accounts" => domain().map(Measured::AccountsOf),
        "instance_reports" => domain().map(Measured::ReportsOf),
        _ => None,
    }
}

fn drawn_measure(key: String, found: &Measure) -> AdminMeasure {
    let day = |(day, count): &(Day, u64)| MeasureDay { date: clock::iso(day.start()), value: count.to_string() };
    AdminMeasure {
        key,
        unit: None,
        total: found.total.to_string(),
        previous_total: found.previous.map(|previous| previous.to_string()),
        data: found.days.iter().map(day).collect(),
    }
}

async fn dimensions(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Vec<AdminDimension>>> {
    viewer.require(READ)?;
    let (period, limit) = (period(&params)?, params.paging(limits::DIMENSION_ROWS, limits::ADMIN_PAGE_MAX).limit);
    let (space, engine) = (space(&server), server.config().engine.to_string());
    let domain = domain_of(&params, "instance_accounts");
    let drawn = draw(&server, &viewer, Power::ViewDashboard, move |context| {
        let mut drawn = Vec::new();
        for key in keys(&params) {
            let data = match (key.as_str(), &domain) {
                ("languages", _) => languages(measure::languages(context.read, period)?),
                ("sources", _) => sources(measure::sources(context.read, period)?),
                ("space_usage", _) => space.clone(),
                ("software_versions", _) => versions(&engine),
                ("instance_accounts", Some(domain)) => accounts(context, domain, limit)?,
                _ => continue,
            };
            drawn.push(AdminDimension { key, data: data.into_iter().take(limit).collect() });
        }
        Ok(drawn)
    });
    drawn.await.map(Json)
}

fn row(key: String, human_key: String, value: String) -> DimensionRow {
    DimensionRow { key, human_key, value, unit: None, human_value: None }
}

fn languages(groups: Vec<(String, u64)>) -> Vec<DimensionRow> {
    let name =
        |code: &str| LANGUAGES.iter().find(|known| known.code == code).map_or(code, |known| known.name).to_owned();
    groups.into_iter().map(|(code, count)| row(code.clone(), name(&code), count.to_string())).collect()
}

/// Whoever was not registered by an application came by the server's own means.
fn sources(groups: Vec<(String, u64)>) -> Vec<DimensionRow> {
    let named = |(name, count): (String, u64)| {
        let (key, human) =
            if name.is_empty() { ("web".to_owned(), "Website".to_owned()) } else { (name.clone(), name) };
        row(key, human, count.to_string())
    };
    groups.into_iter().map(named).collect()
}

fn versions(engine: &str) -> Vec<DimensionRow> {
    let row = |key: &str, human: &str, value: &str| row(key.to_owned(), human.to_owned(), value.to_owned());
    vec![row("dassie", "Dassie", env!("CARGO_PKG_VERSION")), row("engine", "Storage engine", engine)]
}

/// What the data directory takes, once it has been measured.
fn space(server: &Server) -> Vec<DimensionRow> {
    let (room, _) = server.room().report(server.now());
    if !room.measured {
        return Vec::new();
    }
    let parts = [
        ("tables", "Tables", room.engine_bytes),
        ("log", "Log", room.log_bytes),
        ("base", "Base snapshots", room.base_bytes),
        ("search", "Search index", room.search_bytes),
        ("media", "Media", room.media_bytes),
        ("cache", "Media of other servers", room.cache_bytes),
    ];
    let drawn = parts.into_iter().map(|(key, human, bytes)| DimensionRow {
        unit: Some("bytes"),
        human_value: Some(format!("{} MB", bytes / 1_000_000)),
        ..row(key.to_owned(), human.to_owned(), bytes.to_string())
    });
    drawn.collect()
}

fn accounts(context: &Context<'_>, domain: &str, limit: usize) -> Result<Vec<DimensionRow>> {
    let mut rows = Vec::new();
    for (id, followers) in measure::most_followed(context.read, domain, limit)? {
        let Some(account) = storage::account::find(context.read, id)? else { continue };
        rows.push(row(account.username.clone(), account.username, followers.to_string()));
    }
    Ok(rows)
}

async fn retention(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Vec<AdminCohort>>> {
    viewer.require(READ)?;
    let frequency = match params.str("frequency") {
        Some("day") => Frequency::Day,
        Some("month") => Frequency::Month,
        other => {
            let why = format!("{:?} is not day or month", excerpt(other.unwrap_or_default()));
            return Err(Error::invalid("frequency", why));
        }
    };
    let (start, end) = (moment(&params, "start_at")?, moment(&params, "end_at")?);
    let starts = starts(start, end, frequency)?;
    let drawn = draw(&server, &viewer, Power::ViewDashboard, move |context| {
        let cohorts = measure::cohorts(context.read, &starts)?;
        Ok(cohorts.iter().map(|cohort| drawn_cohort(cohort, frequency)).collect())
    });
    drawn.await.map(Json)
}

fn drawn_cohort(cohort: &Cohort, frequency: Frequency) -> AdminCohort {
    let rate = |stayed: u64| if cohort.size == 0 { 0.0 } else { stayed as f64 / cohort.size as f64 };
    let day = |(date, stayed): &(Timestamp, u64)| CohortDay {
        date: clock::iso(*date),
        rate: rate(*stayed),
        value: stayed.to_string(),
    };
    AdminCohort {
        period: clock::iso(cohort.since),
        frequency: match frequency {
            Frequency::Day => "day",
            Frequency::Month => "month",
        },
        data: cohort.stayed.iter().map(day).collect(),
    }
}

/// The first moments of the days or months from `start` to `end`, and of the one behind.
fn starts(start: Timestamp, end: Timestamp, frequency: Frequency) -> Result<Vec<Timestamp>> {
    let mut starts = Vec::new();
    let mut at = match frequency {
        Frequency::Day => clock::start_of_day(start),
        Frequency::Month => clock::start_of_month(start),
    };
    while at <= end {
        if starts.len() == limits::COHORTS_MAX {
            let why = format!("more than {} days or months are asked for", limits::COHORTS_MAX);
            return Err(Error::invalid("end_at", why));
        }
        starts.push(at);
        at = match frequency {
            Frequency::Day => at.plus_ms(clock::DAY_MS),
            // Every month is over in 32 days, and the next one is not.
            Frequency::Month => clock::start_of_month(at.plus_ms(32 * clock::DAY_MS)),
        };
    }
    starts.push(at);
    Ok(starts)
}

fn keys(params: &Map) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in params.texts("keys").into_iter().take(limits::MEASURED_KEYS_MAX) {
        // Each costs a count of many rows.
        if !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys
}

fn domain_of(params: &Map, key: &str) -> Option<String> {
    normalise_domain(params.map(key)?.str("domain")?.trim())
}

fn period(params: &Map) -> Result<Period> {
    Period::new(moment(params, "start_at")?, moment(params, "end_at")?)
}

/// A day or a moment.
fn moment(params: &Map, name: &'static str) -> Result<Timestamp> {
    let text = params.require(name)?;
    let read = clock::parse_day(text).or_else(|| clock::parse_moment(text));
    read.ok_or_else(|| Error::invalid(name, format!("{:?} is neither a day nor a moment", excerpt(text))))
}
