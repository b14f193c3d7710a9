using System.Globalization;
using System.Text;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Dialects;

/// <summary>Responses that a fault replaces as a whole, worded by the dialect.</summary>
internal static class DialectFaults
{
    /// <summary>Writes the response of a fault that leaves no answer at all; false when there is one to write.</summary>
    public static async ValueTask<bool> TryReplaceAsync(Visit visit)
    {
        if (visit.Fault is not { } fault || Replacement(visit, fault) is not { } replacement)
            return false;
        var (error, type) = replacement;
        var response = visit.Context.Response;
        response.StatusCode = error.Status;
        response.ContentType = type;
        response.ContentLength = error.Body.Length;
        foreach (var (name, value) in error.Headers)
            response.Headers[name] = value;
        if (fault.RetryAfter is { } seconds && fault.Body is not null)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in fault.Headers ?? new Dictionary<string, string>())
            response.Headers[name] = value;
        visit.Entry.Status = error.Status;
        visit.Entry.Outcome = JournalOutcome.Failed;
        await response.Body.WriteAsync(error.Body, visit.Context.RequestAborted);
        visit.Entry.BytesSent = error.Body.Length;
        return true;
    }

    private static (ErrorAnswer Error, string Type)? Replacement(Visit visit, Fault fault)
    {
        var stream = visit.Entry.Stream;
        return fault.Kind switch
        {
            FaultKind.Status when fault.Body is not null =>
                (new ErrorAnswer(fault.Status, Encoding.UTF8.GetBytes(fault.Body)), fault.ContentType ?? WireHeaders.Json),
            FaultKind.Status => (visit.Dialect.Fail(visit.Vendor, fault.Status, fault.RetryAfter), fault.ContentType ?? WireHeaders.Json),
            FaultKind.Error => (visit.Dialect.Fail(visit.Vendor, ErrorClass.StatusOf(fault.Class!), fault.RetryAfter), fault.ContentType ?? WireHeaders.Json),
            FaultKind.Empty => (new ErrorAnswer(200, []), stream ? visit.Dialect.StreamType : WireHeaders.Json),
            FaultKind.Garbage when !stream => (new ErrorAnswer(200, "{\"id\": <this is no JSON"u8.ToArray()), WireHeaders.Json),
            FaultKind.ErrorIn200 when !stream => (new ErrorAnswer(200, visit.Dialect.FailInside(visit.Vendor)), WireHeaders.Json),
            _ => null,
        };
    }
}
