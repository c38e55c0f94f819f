"""Where IAM's operations register themselves."""

from remit.services.iam.errors import in_words_of_iam
from remit.services.service import Service

IAM = Service("iam", in_words_of_iam)
operation = IAM.operation
