"""The Telegram channel: private chats of applicants, by aiogram or python-telegram-bot."""
