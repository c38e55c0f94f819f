"""Where Artifact's operations register themselves."""

from remit.services.artifact.errors import in_words_of_artifact, invalid
from remit.services.service import Service

ARTIFACT = Service("artifact", in_words_of_artifact, invalid)

operation = ARTIFACT.operation
