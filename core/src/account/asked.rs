//! Who is asked: the provider of the account, and what it needs of the phone.

use super::ports::{Ports, Vault};
use super::practice::Pages;
use crate::clock::ServerClock;
use crate::error::PaylinkError;
use crate::gateway::{self, CredentialSource, Gateway, Practice, Provider, ProviderSettings};
use crate::store::Store;
use std::sync::Arc;

/// Who is asked, and what that needs.
pub(super) struct Asked {
    pub(super) gateway: Arc<dyn Gateway>,
    pub(super) vault: Option<Arc<Vault>>,
    pub(super) practice: Option<Arc<Practice>>,
}

impl Asked {
    pub(super) fn open(
        provider: &Provider,
        store: &Arc<Store>,
        ports: Ports,
        server: &Arc<ServerClock>,
    ) -> Result<Self, PaylinkError> {
        Ok(match provider {
            Provider::Dintero(settings) => {
                let vault = Arc::new(Vault { account: settings.account.clone(), ports });
                let gateway = open(settings, Arc::clone(&vault) as Arc<dyn CredentialSource>, server)?;
                Self { gateway, vault: Some(vault), practice: None }
            }
            Provider::Practice(account) => {
                let practice = Arc::new(Practice::new(account, Arc::new(Pages(Arc::clone(store))), Arc::clone(server)));
                Self { gateway: Arc::clone(&practice) as Arc<dyn Gateway>, vault: None, practice: Some(practice) }
            }
        })
    }
}

pub(super) fn open(
    settings: &ProviderSettings,
    credentials: Arc<dyn CredentialSource>,
    server: &Arc<ServerClock>,
) -> Result<Arc<dyn Gateway>, PaylinkError> {
    gateway::open(settings, credentials, server).map_err(|error| PaylinkError::config(error.field, error.reason))
}
