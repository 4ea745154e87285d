"""Settings: what can be set, from where it is read, and what its values have to be."""

from outrider.config.limits import PlanLimits, TaskPrice
from outrider.config.models import ModelSettings
from outrider.config.settings import CONFIG_VARIABLE, Settings, load_settings
from outrider.config.tokens import TokenIssuer

__all__ = ["CONFIG_VARIABLE", "ModelSettings", "PlanLimits", "Settings", "TaskPrice", "TokenIssuer", "load_settings"]
