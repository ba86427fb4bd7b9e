"""Which brain answers: the built-in one, or a provider's language model with it in reserve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model
from pydantic_ai.providers import Provider, infer_provider, infer_provider_class

from assay.brain.builtin.model import NAME, BuiltinModel
from assay.brain.errors import ModelUnusable
from assay.brain.falling_back import FallingBack, Mask, OnText
from assay.brain.wanted import BrainSettings

REQUESTS = 24


@dataclass(frozen=True)
class Brain:
    """The chosen model. ``provider`` is ``None`` for the built-in brain."""

    name: str
    provider: Model | None = None
    timeout: float = 60.0
    requests: int = REQUESTS

    @property
    def builtin(self) -> bool:
        """Whether no language model is involved."""
        return self.provider is None

    def for_turn(self, mask: Mask, on_text: OnText | None = None) -> Model:
        """A model for one turn. Everything a provider is sent goes through ``mask``."""
        if self.provider is None:
            return BuiltinModel()
        return FallingBack(
            self.provider,
            mask=mask,
            timeout=self.timeout,
            requests=self.requests,
            on_text=on_text,
        )


def choose(settings: BrainSettings) -> Brain:
    """The brain that the settings name.

    ``builtin``; a provider's name and model (``openai:…``, ``anthropic:…``), with ``model_key`` or
    the provider's own variable; or any model name with ``model_url``, an OpenAI-compatible address.
    """
    name = settings.model.strip() or NAME
    if name == NAME and not settings.model_url:
        return Brain(NAME)
    try:
        provider = _provider(name, settings)
    except (UserError, ValueError, ImportError) as error:
        raise ModelUnusable(f"ASSAY_MODEL={name} cannot be used: {error}") from error
    return Brain(name, provider, settings.model_timeout)


def _provider(name: str, settings: BrainSettings) -> Model:
    if settings.model_url:
        # Loading the client library takes a while, and the built-in brain never needs it.
        from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
        from pydantic_ai.providers.openai_compatible import (  # noqa: PLC0415
            OpenAICompatibleProvider,
        )

        plain = "default" if name == NAME else name.removeprefix("openai:")
        service = OpenAICompatibleProvider(
            "configured", base_url=settings.model_url, api_key=settings.model_key or "none"
        )
        return OpenAIChatModel(plain, provider=service)

    def keyed(provider_name: str) -> Provider[Any]:
        if not settings.model_key:
            return infer_provider(provider_name)
        made: Any = infer_provider_class(provider_name)
        return made(api_key=settings.model_key)  # type: ignore[no-any-return]

    return infer_model(name, keyed)
