-- An upload that was archived before its key could be looked up may turn out to have come with a key that opens nothing.

alter table audit_log drop constraint audit_log_action_check;
alter table audit_log add constraint audit_log_action_check check (action in (
  'upload', 'upload_refused', 'replay', 'key_created', 'key_revoked', 'replay_job_started', 'job_cancelled',
  'reconciled', 'exported', 'erased', 'preferences_changed', 'sources_ranked', 'goal_changed'));
