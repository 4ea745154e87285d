"""The Agent Sessions API row by row, and the test that holds each row.

A row is ``(id, what the API says, test)``, below the module of the test. Ids begin with the section of the API's
description: 1 general, 2 endpoints, 3 the endpoints in detail, 4 enumerations, 5 the event stream, 6 error bodies,
7 webhooks, 8 snapshots, 9 limits, 10 models and desktop mode, 11 symptoms, 12 the SDK, 14 what all SDKs need. Where
public sources contradict each other the row says what ``docs/decisions/0003`` has settled.
"""

from collections.abc import Mapping
from typing import Final

__all__ = ["WALK"]

WALK: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "conformance/test_rules.py": (
        ("1/paths", "every path is under /v1, at the root", "test_endpoints"),
        ("1/json", "every success has a JSON body", "test_1_every_answer_is_json"),
        ("2/1-15", "methods and paths", "test_endpoints"),
        ("3.2/array", "a bare array", "test_6_list_and_delete"),
        ("3.5/timing", "running before the reply", "test_4_running_before_the_reply"),
        ("3.6/status", "one of six values", "test_3_statuses"),
        ("3.7/message", "id, type, content, timestamp, metadata", "test_5_messages"),
        ("3.8/twice", "200 with already_paused, not_paused", "test_7_pause_and_resume_are_idempotent"),
        ("4/message types", "upper case", "test_5_messages"),
        ("14/1", "JSON bodies, string detail and message", "test_1_every_answer_is_json"),
        ("14/2", "fields that are never null", "test_2_fields_that_are_never_null"),
        ("14/3", "statuses that the SDKs know", "test_3_statuses"),
        ("14/4", "order of log and status", "test_4_the_end_is_stored_before_the_status_says_so"),
        ("14/5", "messages", "test_5_messages"),
        ("14/6", "stream, webhooks, list, delete, screenshot", "test_6_list_and_delete"),
        ("14/7", "unknown fields; idempotent steering", "test_7_pause_and_resume_are_idempotent"),
    ),
    "api/test_bad_requests.py": (
        ("1/bearer", "Authorization: Bearer <key>; else 401", "test_without_a_valid_key"),
        ("1/foreign", "a session of another user is 404", "test_sessions_of_another_organisation"),
        ("3.3/unknown", "404 for a nil UUID and for no UUID", "test_unknown_sessions"),
        ("3.3/deleted", "404 at once", "test_deleted_sessions"),
        ("3.5/empty", "422", "test_fields_that_are_wrong"),
        ("3.5/slip", "POST …/messages is explained", "test_the_common_slip_is_named"),
        ("11/not found", "404", "test_unknown_sessions"),
        ("11/401", "no Bearer, short key", "test_without_a_valid_key"),
    ),
    "sdk/test_python_sdk.py": (
        ("3.1/restore_from_environment_id", "same id again", "test_an_environment_goes_on_in_a_new_session"),
        ("3.1/unknown environment", "a fresh session", "test_an_environment_that_does_not_exist"),
        ("3.8/texts", "paused, resumed, cancelled successfully", "test_pause_resume_and_cancel"),
    ),
    "api/test_sessions.py": (
        ("3.1/defaults", "every field may be left out", "test_no_body_at_all_takes_the_defaults"),
        ("3.1/cdp_url", "also cdp_ws_url", "test_what_this_server_can_not_make"),
        ("3.1/ignored", "environment_type, model, save_on_exit, unknown", "test_what_the_sdks_send_is_accepted"),
        ("3.1/object", "the session object", "test_a_new_session_is_ready_and_complete"),
        ("3.2/empty", "[] after delete-all", "test_deleting_all"),
        ("3.4/twice", "200, deleted false", "test_deleting_is_final_and_twice_is_no_error"),
        ("3.4/all", "DELETE /v1/sessions", "test_deleting_all"),
        ("6/retry", "Retry-After on 429", "test_the_limit_of_sessions"),
        ("9/other limits", "429 with limit, current, Retry-After", "test_other_limits_of_sessions"),
        ("9/limit", "429 beyond the limit", "test_the_limit_of_sessions"),
        ("10/models", "names as strings; filter", "test_models"),
        ("10/desktop", "a clear problem", "test_what_this_server_can_not_make"),
    ),
    "conformance/test_creation.py": (
        ("3.1/agent_name", "unknown: 422, the text says “agent”", "test_an_unknown_agent"),
        ("3.1/webhook_url", "http(s), at most 2,000 characters", "test_webhook_urls"),
        ("3.1/goal", "stored and echoed; starts nothing", "test_a_goal_starts_nothing"),
        ("3.1/max_steps", "accepted, and bounds the task", "test_max_steps_bound_a_task"),
        ("3.1/agent_session_type", "three names, spelt by each SDK", "test_session_types"),
        ("3.1/other agent", "a restore under another agent is allowed", "test_a_restore_under_another_agent"),
        ("3.1/uuids", "in capitals, too", "test_ids_in_capitals"),
        ("3.4/modes", "none, memory, filesystem; also auto, always", "test_save_modes"),
        ("11/creation fails", "401, 422, 429 say why", "test_an_unknown_agent"),
    ),
    "api/test_snapshots.py": (
        (
            "3.1/restore_from_session_id",
            "wins",
            "test_a_session_goes_before_the_default_and_that_before_an_environment",
        ),
        (
            "3.1/restore_default",
            "the caller's default",
            "test_a_session_goes_before_the_default_and_that_before_an_environment",
        ),
        ("3.1/enable_memory_snapshot", "false: files only", "test_memory_is_used_only_when_it_is_wanted"),
        ("3.4/default", "only with a mode that saves", "test_a_default_has_to_be_saved"),
        ("8/page", "what was saved is there again", "test_the_last_page_is_there_again"),
        ("8/again", "saved into its own environment", "test_an_environment_is_saved_again_in_its_own_place"),
        ("11/restore fails", "the reason is a row", "test_what_was_never_saved_is_not_found"),
    ),
    "api/test_tasks.py": (
        ("3.4/task", "the running task is cancelled", "test_deleting_ends_a_running_task"),
        ("3.5/length", "1 to 10,000 characters", "test_lengths_of_a_message"),
        ("3.5/start_url", "at most 2,000 characters", "test_a_bad_start_address_starts_nothing"),
        ("3.5/reply", "Message sent successfully", "test_lengths_of_a_message"),
        ("3.5/update", "adds to a running task", "test_a_message_to_a_running_task_is_an_addition"),
        ("3.7/after_id", "strictly greater", "test_messages_after_an_id"),
        ("3.7/has_agent", "has_agent and hasAgent", "test_a_task_is_done_and_read"),
        ("3.8/body", "the body is not read", "test_orders_out_of_order_are_no_errors"),
        ("3.8/cancel", "the session takes new messages", "test_cancelling_ends_the_task_and_keeps_the_session"),
        ("3.8/cancelled status", "error, with an ERROR message", "test_cancelling_ends_the_task_and_keeps_the_session"),
        ("11/messages missing", "after_id=0 shows all", "test_messages_after_an_id"),
    ),
    "conformance/test_messages.py": (
        ("3.5/config_updates", "accepted; timeout bounds the task", "test_config_updates"),
        ("3.5/context", "accepted, and kept with the message", "test_context"),
        ("3.5/answer", "answers a question", "test_a_message_to_a_question_is_its_answer"),
        ("3.5/paused", "kept for the resume", "test_pause_message_resume"),
        ("3.9/independent", "whatever the task does", "test_navigate_beside_a_task"),
        ("9/expiry", "an expired session is 404", "test_an_idle_session_expires"),
        ("11/never completes", "asks, or is ended", "test_config_updates"),
        ("11/connection timeouts", "a retry does no harm", "test_steering_can_be_sent_again"),
        ("11/json answers", "content is text or JSON", "test_an_answer_in_json"),
    ),
    "../unit/protocol/test_events.py": (
        ("3.7/sanitize", "hides what is internal", "test_a_sanitized_view_leaves_out_internal_messages_and_images"),
        ("4/event types", "lower case", "test_event_names"),
    ),
    "conformance/test_cancel.py": (
        ("3.8/state", "cancel drops the task, not the browser", "test_a_cancel_while_a_page_loads_keeps_the_browser"),
        ("3.9/cancel", "a cancel leaves it alone", "test_a_cancel_does_not_touch_what_the_client_opens"),
        ("3.8/in time", "cancel takes effect whatever the page does", "test_cancel_in_a_page_that_hangs"),
        ("11/stuck initializing", "bounded", "test_a_start_that_does_not_end_is_ended_with_a_code"),
    ),
    "conformance/test_navigate.py": (
        ("3.9/task", "a task that begins meanwhile waits for the page", "test_a_task_that_begins_while_a_page_loads"),
        ("3.9/again", "the later address wins", "test_a_later_call_takes_the_place_of_an_earlier_one"),
        ("3.9/loading", "also over what a task loads", "test_a_call_takes_the_place_of_what_a_task_loads"),
    ),
    "api/test_pages.py": (
        ("3.9/current_url", "redirects followed", "test_navigating_follows_redirects"),
        ("3.9/bad", "400", "test_bad_addresses"),
        ("3.10/jpeg", "a data URL of a baseline JPEG", "test_a_screenshot_is_a_baseline_jpeg_from_the_first_moment"),
        ("3.10/failed page", "also on a page that failed", "test_an_address_where_nobody_answers"),
    ),
    "../unit/sessions/test_lifecycle.py": (
        ("4/session status", "lifecycle", "test_every_state_reads_as_the_wire_knows_it"),
        ("4/execution status", "mapping", "test_every_state_reads_as_the_wire_knows_it"),
    ),
    "api/test_events.py": (
        ("5/frame", "id, event, one line of data", "test_each_frame_is_id_event_and_one_line_of_data"),
        ("5/heartbeat", "no id, second precision", "test_heartbeats_come_without_id_whatever_the_filter"),
        ("5/event_types", "a comma list", "test_a_filter_hides_events_but_not_the_end"),
        ("5/after_id", "as the C# SDK sends it", "test_where_a_stream_begins"),
        ("11/sse reconnect", "nothing lost or repeated", "test_a_reconnect_loses_and_repeats_nothing"),
    ),
    "conformance/test_stream.py": (
        ("5/fields", "data of each event", "test_data_of_each_event"),
        ("5/closes", "after done or error, not after a question", "test_a_question_does_not_end_the_stream"),
        ("5/event_types twice", "all of them", "test_event_types_given_several_times"),
        ("5/event_types list", "empty is all; an unknown name is 422", "test_event_types_that_are_none"),
        ("5/Last-Event-ID", "empty is none", "test_a_last_event_id_that_is_empty"),
        ("5/include_history", "true: from the first message", "test_history"),
        ("5/sanitize", "true and false, in lower case", "test_sanitize"),
        ("5/accept", "Accept is not enforced", "test_any_accept_will_do"),
    ),
    "conformance/test_clients.py": (
        ("6/envelope", "read by every client", "test_an_error_is_read_by_every_client"),
        ("6/validation", "422 is readable too", "test_an_error_is_read_by_every_client"),
    ),
    "webhooks/test_webhooks.py": (
        ("7/events", "payloads and headers", "test_a_session_tells_its_url_what_happens_to_it"),
        ("7/steering", "status_changed", "test_steering_a_task_is_told"),
        ("7/question", "task.question", "test_a_question_is_told_and_its_answer_starts_the_task_again"),
        ("7/never fails", "a receiver delays nothing", "test_a_receiver_that_hangs_delays_nothing"),
    ),
    "../unit/protocol/test_sse.py": (
        ("11/sse parsing", "any cut will do", "test_what_is_encoded_is_parsed_again_however_it_is_cut"),
    ),
    "sdk/test_arguments.py": (
        ("2/16", "POST {agent_url}/step_desktop", "test_a_step_of_the_desktop_mode"),
        ("6/exceptions", "status to exception class", "test_exceptions_by_status"),
    ),
    "sdk/test_surface.py": (("12/sdk", "every method of the Python SDK", "test_every_method_is_called_by_a_test"),),
}
