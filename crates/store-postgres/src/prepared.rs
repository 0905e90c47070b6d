//! A connection that writes, with the statements that every group sends prepared once.
//!
//! Only statements whose plan does not depend on the size of a table are prepared: inserts, whose conflicts a key finds.
//! Everything else is planned each time, for the size that the tables have.

use std::collections::HashMap;
use std::ops::Deref;

use tokio_postgres::Statement;
use tokio_postgres::types::{ToSql, Type};

use crate::connection::{Access, Link, Request, Value, connect};
use crate::settings::Settings;
use crate::statements;
use crate::tls::Tls;

/// The statements and the types of their values.
const PREPARED: [(&str, [Type; 5]); 3] = [
    (
        statements::LOG_INSERT,
        [Type::TEXT_ARRAY, Type::INT8_ARRAY, Type::INT8_ARRAY, Type::BYTEA_ARRAY, Type::BYTEA_ARRAY],
    ),
    (
        statements::HEADS_PUT,
        [Type::TEXT_ARRAY, Type::INT8_ARRAY, Type::INT8_ARRAY, Type::BYTEA_ARRAY, Type::BOOL_ARRAY],
    ),
    (
        statements::RESOURCES_PUT,
        [Type::TEXT_ARRAY, Type::TEXT_ARRAY, Type::BYTEA_ARRAY, Type::INT8_ARRAY, Type::BYTEA_ARRAY],
    ),
];

/// A connection that writes.
pub(crate) struct Prepared {
    client: Link,
    statements: HashMap<&'static str, Statement>,
}

impl Prepared {
    /// Makes a connection.
    ///
    /// # Errors
    /// The reason why it was not made, without a password.
    pub(crate) async fn connect(settings: &Settings, tls: &Tls) -> Result<Self, String> {
        Ok(Self::new(connect(settings, tls, Access::Write).await?).await)
    }

    /// The same of a connection that writes already. A statement that cannot be prepared is sent unprepared.
    pub(crate) async fn new(client: Link) -> Self {
        let mut statements = HashMap::new();
        for (statement, types) in &PREPARED {
            if let Ok(prepared) = client.prepare_typed(statement, types).await {
                statements.insert(*statement, prepared);
            }
        }
        Self { client, statements }
    }

    /// The request of one statement with these values, which counts rows.
    pub(crate) fn request<'a>(&'a self, statement: &'a str, values: Vec<Value<'a>>) -> Request<'a> {
        let prepared = self.statements.get(statement);
        Box::pin(async move {
            let Some(prepared) = prepared else { return self.client.execute_typed(statement, &values).await };
            let values: Vec<&(dyn ToSql + Sync)> = values.into_iter().map(|(value, _)| value).collect();
            self.client.execute(prepared, &values).await
        })
    }
}

impl Deref for Prepared {
    type Target = Link;
    fn deref(&self) -> &Link {
        &self.client
    }
}
