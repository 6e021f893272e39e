"""Metrics for monitoring the service (`GET /metrics`, in Prometheus' text format): never patients or values.

Every label is a word of this package: a route, a status, a kind of problem.
"""

from __future__ import annotations

import os
from collections import Counter as Counted
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from b12labs.integrations.decisions import Recording
from b12labs.integrations.server.readiness import Readiness
from b12labs.patient.interpretation import Interpretation
from b12labs.version import __version__

__all__ = ["CountingRecorder", "Metrics"]

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """The counts of one process, or of all processes if they share the folder that prometheus-client names."""

    def __init__(self, readiness: Readiness, held: Callable[[], int] | None) -> None:
        shared = "PROMETHEUS_MULTIPROC_DIR" in os.environ
        self._registry = CollectorRegistry()
        if shared:
            cast(Any, multiprocess).MultiProcessCollector(self._registry)  # it has no types
        into = None if shared else self._registry
        self._requests = Counter("b12labs_requests", "Requests answered", ("route", "method", "status"), registry=into)
        self._seconds = Histogram(
            "b12labs_request_seconds", "Seconds to an answer", ("route",), buckets=_SECONDS, registry=into
        )
        self._refusals = Counter("b12labs_refusals", "Requests and connections refused", ("kind",), registry=into)
        self._cards = Counter("b12labs_cards", "Cards given", ("service", "indicator"), registry=into)
        self._decisions = Counter("b12labs_decisions", "Interpretations made", ("service", "status"), registry=into)
        self._unread = Counter("b12labs_unread", "Values sent and not read", ("service", "problem"), registry=into)
        self._registry.register(cast(Any, _State(readiness, held)))  # any object with `collect`

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def refused(self, kind: str) -> None:
        """Count a refusal."""
        self._refusals.labels(kind).inc()

    def given(self, service: str, cards: Iterable[Mapping[str, Any]]) -> None:
        """Count the cards of an answer."""
        for card in cards:
            self._cards.labels(service, card["indicator"]).inc()

    def decided(self, service: str, status: str) -> None:
        """Count an interpretation."""
        self._decisions.labels(service, status).inc()

    def unread(self, service: str, problems: Iterable[str]) -> None:
        """Count the parts of a message that were not read, by the code of the problem."""
        for problem, count in Counted(problems).items():
            self._unread.labels(service, problem).inc(count)

    def text(self) -> bytes:
        """Return all counts in Prometheus' text format."""
        return bytes(generate_latest(self._registry))


class _State:
    """The present state of the service, read when it is collected."""

    def __init__(self, readiness: Readiness, held: Callable[[], int] | None) -> None:
        self._readiness, self._held = readiness, held

    def collect(self) -> Iterator[GaugeMetricFamily]:
        version = GaugeMetricFamily("b12labs_version", "The version that runs", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        ready = GaugeMetricFamily("b12labs_ready", "Whether a part that a call needs is ready", labels=["part"])
        failing = self._readiness.failing()
        for part in self._readiness.parts:
            ready.add_metric([part], part not in failing)
        yield ready
        if self._held is not None:
            yield GaugeMetricFamily("b12labs_used_tokens", "Tokens that are remembered as used", self._held())


@dataclass(frozen=True, slots=True)
class CountingRecorder:
    """Counts decisions, and passes them to the recorder of the host if there is one."""

    metrics: Metrics
    recorder: Recording | None

    def record(self, result: Interpretation, *, service: str, sources: Mapping[str, str] | None = None) -> None:
        """Record and count one interpretation."""
        if self.recorder is not None:
            self.recorder.record(result, service=service, sources=sources)
        self.metrics.decided(service, result.status)
        if service == "interpret":
            self.metrics.unread(service, (problem.code for problem in result.problems))

    def unread(self, service: str, problems: Iterable[str]) -> None:
        """Count the parts of a message that were not read."""
        self.metrics.unread(service, problems)
