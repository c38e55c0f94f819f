"""What Artifact keeps: reports, agreements and compliance inquiries."""
