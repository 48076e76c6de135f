"""The pages of the dashboard, one script per page; what they share lies in pages.ui."""
