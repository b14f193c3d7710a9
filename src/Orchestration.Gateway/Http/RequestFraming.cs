using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Http;

/// <summary>
/// Refuses requests whose end another server may see elsewhere (RFC 9112, 6.1 and 6.3): behind a proxy that reads them its way, the rest of one
/// client's body would be another's request. The server itself takes any list of encodings that ends in chunked, and in HTTP/2 every field of a
/// connection but <c>connection</c>, where there is no such connection (RFC 9113, 8.2.2).
/// </summary>
internal sealed class RequestFraming(RequestDelegate next)
{
    private const string Chunked = "chunked";
    private const string ProxyConnection = "Proxy-Connection";

    public Task InvokeAsync(HttpContext context)
    {
        if (!IsAmbiguous(context.Request))
            return next(context);

        // What follows on this connection begins who knows where; in HTTP/2 frames tell.
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return context.WriteFailureAsync(Failures.Invalid("ambiguous_framing", "The length of the body is not told in one way: send a content-length or 'Transfer-Encoding: chunked'."));
    }

    private static bool IsAmbiguous(HttpRequest request)
    {
        if (HttpProtocol.IsHttp2(request.Protocol))
            return HasFieldOfConnection(request.Headers);
        var encodings = request.Headers.TransferEncoding;
        if (encodings.Count == 0)
            return false;
        return encodings.Count > 1
            || !string.Equals(encodings[0], Chunked, StringComparison.OrdinalIgnoreCase)
            || request.ContentLength is not null
            || HttpProtocol.IsHttp10(request.Protocol);
    }

    private static bool HasFieldOfConnection(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count + headers.Upgrade.Count + headers.KeepAlive.Count + headers[ProxyConnection].Count > 0;
}
