using System.Buffers;
using System.Text;
using System.Text.Json;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Vendors;

/// <summary>Errors that no vendor's data stands behind, and the way every error is sent.</summary>
internal static class VendorErrors
{
    public static byte[] Compose(string message, string type, string? parameter, string? code)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, message);
            json.WriteString("type"u8, type);
            json.WriteString("param"u8, parameter);
            json.WriteString("code"u8, code);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The vendor's body for a bare status.</summary>
    public static byte[] Body(Vendor vendor, int status) =>
        Encoding.UTF8.GetBytes(VendorError.Of(vendor.Wire, ErrorClass.OfStatus(status), new ErrorDetails("", "0")).Body);

    /// <summary>Refuses a request in the vendor's words.</summary>
    /// <returns>The status that was sent.</returns>
    public static async Task<int> RefuseAsync(this HttpContext context, VendorWire wire, string kind, ErrorDetails details)
    {
        var error = VendorError.Of(wire, kind, details);
        var response = context.Response;
        var body = Encoding.UTF8.GetBytes(error.Body);
        response.StatusCode = error.Status;
        response.ContentType = error.ContentType;
        response.ContentLength = body.Length;
        foreach (var (name, value) in error.Headers)
            response.Headers[name] = value;
        await response.Body.WriteAsync(body, context.RequestAborted);
        return error.Status;
    }
}
