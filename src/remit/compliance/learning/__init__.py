"""The auditor learning path: courses A1 to A5, their labs, the exam, and certificates.

labs            what people write: `labs/*.yaml`, one file for a lab
parameters      what differs from learner to learner
attempts        which labs a learner has begun and passed
founding        a lab's organization in the store
grading/        whether the lab is done
certificates/   what a learner takes along
"""
