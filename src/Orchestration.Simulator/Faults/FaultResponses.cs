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
        if (Replace(vendor.WireFor(entry.Model), fault, entry) is not { } answer)
            return false;
        var (status, text, type, headers) = answer;
        var body = Encoding.UTF8.GetBytes(text);
        WriteHead(context.Response, fault, headers);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        entry.Status = status;
        entry.Outcome = JournalOutcome.Failed;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
        entry.BytesSent = body.Length;
        return true;
    }

    public static ResponseBody OpenBody(HttpContext context, JournalEntry entry, Fault? fault, string contentType, int? length)
    {
        entry.Status = 200;
        if (fault?.Kind == FaultKind.WrongType)
            contentType = fault.ContentType ?? (contentType == WireHeaders.EventStream ? WireHeaders.Json : WireHeaders.PlainText);
        if (PlanFor(fault) is { } plan)
            return new SocketBody(context, entry, plan, contentType);
        var response = context.Response;
        response.ContentType = contentType;
        if (fault?.Kind == FaultKind.Gzip)
        {
            response.Headers.ContentEncoding = "gzip";
            return new GzipBody(response.BodyWriter, entry);
        }
        response.ContentLength = length;
        if (length is null)
            response.Headers.CacheControl = "no-cache";
        return new HttpBody(response.BodyWriter, entry);
    }

    private static (int Status, string Body, string Type, IReadOnlyDictionary<string, string>? Headers)? Replace(
        VendorWire wire, Fault fault, JournalEntry entry)
    {
        var details = new ErrorDetails(entry.Model, entry.Id, fault.RetryAfter);
        switch (fault.Kind)
        {
            case FaultKind.Status when fault.Body is not null:
                return (fault.Status, fault.Body, fault.ContentType ?? WireHeaders.Json, null);
            case FaultKind.Status:
                var meant = VendorError.Of(wire, ErrorClass.OfStatus(fault.Status), details);
                return (fault.Status, meant.Body, fault.ContentType ?? meant.ContentType, null);
            case FaultKind.Error:
                var error = VendorError.Of(wire, fault.Class!, details);
                return (fault.Status == 200 ? error.Status : fault.Status, fault.Body ?? error.Body, fault.ContentType ?? error.ContentType, error.Headers);
            case FaultKind.Empty:
                return (200, "", entry.Stream ? WireHeaders.EventStream : WireHeaders.Json, null);
            case FaultKind.Garbage when !entry.Stream:
                return (200, "{\"id\": <this is no JSON", WireHeaders.Json, null);
            case FaultKind.ErrorIn200 when !entry.Stream:
                return (200, VendorError.Of(wire, fault.Class ?? ErrorClass.Server, details).In200, WireHeaders.Json, null);
            default:
                return null;
        }
    }

    private static SocketPlan? PlanFor(Fault? fault)
    {
        if (fault is null)
            return null;
        var limit = fault.AfterBytes ?? 0;
        var hold = fault.DelayMs is { } delay ? TimeSpan.FromMilliseconds(delay) : LongestHold;
        return fault.Kind switch
        {
            FaultKind.Cut => new SocketPlan(limit, SocketEnding.Fin, true, hold),
            FaultKind.Reset => new SocketPlan(limit, SocketEnding.Reset, true, hold),
            FaultKind.Close => new SocketPlan(limit, SocketEnding.Fin, false, hold),
            FaultKind.Stall => new SocketPlan(limit, SocketEnding.Hold, true, hold),
            FaultKind.CutBeforeFinish or FaultKind.CutAfterFinish => new SocketPlan(null, fault.Ending, true, hold),
            FaultKind.Split => new SocketPlan(null, SocketEnding.Fin, true, hold)
            {
                Piece = fault.Offsets is null ? Math.Max(1, fault.AfterBytes ?? 1) : int.MaxValue,
                Offsets = fault.Offsets ?? [],
                Pause = TimeSpan.FromMilliseconds(fault.DelayMs ?? 0),
            },
            _ => null,
        };
    }

    private static void WriteHead(HttpResponse response, Fault fault, IReadOnlyDictionary<string, string>? vendors)
    {
        foreach (var (name, value) in vendors ?? new Dictionary<string, string>())
            response.Headers[name] = value;
        if (fault is { Kind: FaultKind.Status, RetryAfter: { } seconds })
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in fault.Headers ?? new Dictionary<string, string>())
            response.Headers[name] = value;
    }
}
