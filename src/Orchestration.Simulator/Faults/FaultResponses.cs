using System.Globalization;
using System.Text;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Faults;

/// <summary>Responses that a fault replaces as a whole, and the body that it spoils.</summary>
internal static class FaultResponses
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(10);

    /// <summary>Writes the response of a fault that leaves no answer at all; false when there is one to write.</summary>
    public static async ValueTask<bool> TryReplaceAsync(HttpContext context, Vendor vendor, Fault fault, JournalEntry entry)
    {
        var (status, body, type) = fault.Kind switch
        {
            FaultKind.Status => (fault.Status, fault.Body is null ? VendorErrors.Body(vendor.Dialect, fault.Status) : Encoding.UTF8.GetBytes(fault.Body),
                fault.ContentType ?? WireHeaders.Json),
            FaultKind.Empty => (200, [], entry.Stream ? WireHeaders.EventStream : WireHeaders.Json),
            FaultKind.Garbage when !entry.Stream => (200, "{\"id\": <this is no JSON"u8.ToArray(), WireHeaders.Json),
            FaultKind.ErrorIn200 when !entry.Stream => (200, VendorErrors.Body(vendor.Dialect, 500), WireHeaders.Json),
            _ => (0, Array.Empty<byte>(), ""),
        };
        if (status == 0)
            return false;
        WriteHead(context.Response, fault, status, type, body.Length);
        entry.Status = status;
        entry.Outcome = JournalOutcome.Failed;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
        entry.BytesSent = body.Length;
        return true;
    }

    public static ResponseBody OpenBody(HttpContext context, JournalEntry entry, Fault? fault, string contentType, int? length)
    {
        entry.Status = 200;
        if (PlanFor(fault) is { } plan)
            return new SocketBody(context, entry, plan, contentType);
        var response = context.Response;
        response.ContentType = contentType;
        response.ContentLength = length;
        if (length is null)
            response.Headers.CacheControl = "no-cache";
        return new HttpBody(response.BodyWriter, entry);
    }

    private static SocketPlan? PlanFor(Fault? fault)
    {
        if (fault is null)
            return null;
        var limit = fault.AfterBytes ?? 0;
        var hold = fault.DelayMs is { } delay ? TimeSpan.FromMilliseconds(delay) : LongestHold;
        return fault.Kind switch
        {
            FaultKind.Cut => new SocketPlan(limit, SocketEnding.Fin, true, hold, false),
            FaultKind.Reset => new SocketPlan(limit, SocketEnding.Reset, true, hold, false),
            FaultKind.Close => new SocketPlan(limit, SocketEnding.Fin, false, hold, false),
            FaultKind.Stall => new SocketPlan(limit, SocketEnding.Hold, true, hold, false),
            FaultKind.Split => new SocketPlan(null, SocketEnding.Fin, true, hold, true),
            _ => null,
        };
    }

    private static void WriteHead(HttpResponse response, Fault fault, int status, string type, int length)
    {
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = length;
        if (fault.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in fault.Headers ?? new Dictionary<string, string>())
            response.Headers[name] = value;
    }
}
