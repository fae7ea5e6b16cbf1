"""The pages that people look at: live view, alerts, roster; in Chinese, or English by choice."""
