using System.Globalization;
using System.Text.Encodings.Web;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Vendors;

/// <summary>What an error is about.</summary>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Id">Id that the answer would have had.</param>
/// <param name="RetryAfter">Seconds that the vendor asks to wait.</param>
internal sealed record ErrorDetails(string Model, string Id, double? RetryAfter = null)
{
    public string? Message { get; init; }

    public string? Param { get; init; }

    public string? Code { get; init; }
}

/// <summary>An error ready to be sent.</summary>
internal sealed record VendorError(int Status, string Body, string ContentType, string Event, string In200, IReadOnlyDictionary<string, string> Headers)
{
    private const double UsualWait = 2;

    public static VendorError Of(VendorWire wire, string kind, ErrorDetails details)
    {
        var error = Find(wire, kind);
        var about = details with { Message = details.Message ?? error.Message, Code = details.Code ?? error.Code };
        var body = Fill(error.Body, about);
        var inStream = error.Event is null ? body : Fill(error.Event, about);
        return new VendorError(
            error.Status,
            body,
            error.ContentType ?? WireHeaders.Json,
            inStream,
            error.In200 is null ? inStream : Fill(error.In200, about),
            error.Headers.ToDictionary(header => header.Key, header => Fill(header.Value, about)));
    }

    private static WireError Find(VendorWire wire, string kind) =>
        wire.Errors.GetValueOrDefault(kind) ?? wire.Errors.GetValueOrDefault(ErrorClass.ParentOf(kind)) ?? wire.Errors[ErrorClass.Server];

    private static string Fill(string text, ErrorDetails details)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var seconds = details.RetryAfter ?? UsualWait;
        text = Put(text, "%message%", details.Message ?? "Invalid request.");
        text = Put(text, "%param%", details.Param);
        text = Put(text, "%code%", details.Code);
        text = Put(text, "%model%", details.Model);
        text = Put(text, "%id%", details.Id);
        text = Put(text, "%retry_ms%", (seconds * 1000).ToString("0", CultureInfo.InvariantCulture));
        return Put(text, "%retry%", seconds.ToString("0.###", CultureInfo.InvariantCulture));
    }

    /// <summary>A string that is nothing but a gap becomes null when there is nothing to say.</summary>
    private static string Put(string text, string gap, string? value) => value is null
        ? text.Replace($"\"{gap}\"", "null", StringComparison.Ordinal).Replace(gap, "", StringComparison.Ordinal)
        : text.Replace(gap, JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value), StringComparison.Ordinal);
}
