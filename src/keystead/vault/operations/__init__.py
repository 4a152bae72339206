"""What can be done with the vault's keys. All but re-sealing happens in the installation."""

from keystead.vault.operations.data_keys import begin_rotation, equip, prepare
from keystead.vault.operations.recovery import confirm_recovery_key, make_recovery_key, recover
from keystead.vault.operations.resealing import Resealed, reseal, retire_data_keys
from keystead.vault.operations.vault_keys import prepare_vault_key, put_vault_key_in_use

__all__ = [
    "Resealed",
    "begin_rotation",
    "confirm_recovery_key",
    "equip",
    "make_recovery_key",
    "prepare",
    "prepare_vault_key",
    "put_vault_key_in_use",
    "recover",
    "reseal",
    "retire_data_keys",
]
