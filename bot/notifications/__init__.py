"""What staff, mailbox and CRM are sent, and how."""
