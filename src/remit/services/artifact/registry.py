"""Where Artifact's operations register themselves."""

from remit.services.artifact.errors import in_words_of_artifact, invalid, throttled
from remit.services.service import Service

ARTIFACT = Service("artifact", in_words_of_artifact, invalid, throttled)

operation = ARTIFACT.operation
