using System.Diagnostics;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.ServiceDefaults.Tests.Outbox;

public sealed class LedgerEventsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly LeaseSlice Slice = new() { LeaseId = Guid.Parse("0193f1a0-0000-7000-8000-000000000001"), Amount = 0.000000000000123456789m };

    [Fact]
    public void Payload_survives_its_envelope_with_exact_amounts()
    {
        var ledgerEvent = LedgerEvents.Wrap(Slice, At);

        ledgerEvent.Type.ShouldBe(nameof(LeaseSlice));
        ledgerEvent.OccurredAt.ShouldBe(At);
        ledgerEvent.EventId.Version.ShouldBe(7);
        ledgerEvent.Payload.ShouldContain("\"leaseId\"");
        LedgerEvents.Unwrap<LeaseSlice>(ledgerEvent).ShouldBe(Slice);
    }

    [Fact]
    public void Envelope_of_another_type_version_or_form_gives_nothing()
    {
        var ledgerEvent = LedgerEvents.Wrap(Slice, At);

        LedgerEvents.Unwrap<TokenCounts>(ledgerEvent).ShouldBeNull();
        LedgerEvents.Unwrap<LeaseSlice>(ledgerEvent with { PayloadVersion = 2 }).ShouldBeNull();
        LedgerEvents.Unwrap<LeaseSlice>(ledgerEvent with { Payload = "{" }).ShouldBeNull();
        LedgerEvents.Unwrap<LeaseSlice>(ledgerEvent with { Payload = "{}" }).ShouldBeNull();
    }

    [Fact]
    public void Envelope_remembers_the_trace_that_it_was_made_in()
    {
        LedgerEvents.Wrap(Slice, At).TraceParent.ShouldBeNull();

        using var activity = new Activity("work").Start();

        LedgerEvents.Wrap(Slice, At).TraceParent.ShouldBe(activity.Id);
    }
}
