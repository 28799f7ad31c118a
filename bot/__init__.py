"""The course bot: answers questions about a course, signs people up and tells the contact person at once."""
