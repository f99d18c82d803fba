"""Every change of people, sessions and tokens: one function per verb."""
