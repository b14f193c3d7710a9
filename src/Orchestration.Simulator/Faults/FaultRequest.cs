using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Faults;

/// <summary>A fault as it is set by an administrative call.</summary>
internal sealed record FaultRequest
{
    /// <summary>Name of the fault, as behind a model name: "cut", "429", "slow"…</summary>
    public required string Kind { get; init; }

    public int? Status { get; init; }

    public string? Body { get; init; }

    public string? ContentType { get; init; }

    public int? AfterBytes { get; init; }

    public int? AfterEvents { get; init; }

    public int? DelayMs { get; init; }

    /// <summary>Seconds.</summary>
    public double? RetryAfter { get; init; }

    public Dictionary<string, string>? Headers { get; init; }

    /// <summary>Class of an error under status 200, as "balance".</summary>
    public string? Class { get; init; }

    /// <summary>The finish reason of "finish".</summary>
    public string? FinishReason { get; init; }

    /// <summary>Where the segments of "split" end, in bytes of the body, ascending.</summary>
    public List<int>? Offsets { get; init; }

    /// <summary>Requests that meet it; absent means all until it is cleared.</summary>
    public int? Count { get; init; }

    public Fault? ToFault() => FaultNames.Parse(Kind) is not { } named || (Class is not null && !ErrorClass.IsKnown(Class))
        ? null
        : named with
        {
            Status = Status ?? named.Status,
            Body = Body ?? named.Body,
            ContentType = ContentType ?? named.ContentType,
            AfterBytes = AfterBytes ?? named.AfterBytes,
            AfterEvents = AfterEvents ?? named.AfterEvents,
            DelayMs = DelayMs ?? named.DelayMs,
            RetryAfter = RetryAfter ?? named.RetryAfter,
            Headers = Headers,
            Class = Class ?? named.Class,
            Text = FinishReason ?? named.Text,
            Offsets = Offsets,
        };
}

internal sealed record FaultListing(IReadOnlyList<ActiveFault> Faults);

/// <summary>A fault that is set; <c>Left</c> is absent when it holds for all requests.</summary>
internal sealed record ActiveFault(string Vendor, string Model, FaultRequest Fault, int? Left);
