namespace Orchestration.Gateway.Http;

/// <summary>Id and start of a request; set on every response as soon as the request arrives.</summary>
internal sealed class RequestIdentity(Guid id, DateTimeOffset startedAt, long startedTimestamp)
{
    public Guid Id { get; } = id;

    /// <summary>UUIDv7 in "D" form.</summary>
    public string Text { get; } = id.ToString("D");

    /// <summary>Fixes the period that the request counts in.</summary>
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>Monotonic start, for durations.</summary>
    public long StartedTimestamp { get; } = startedTimestamp;

    public static RequestIdentity Create(TimeProvider timeProvider)
    {
        var now = timeProvider.GetUtcNow();
        return new RequestIdentity(Guid.CreateVersion7(now), now, timeProvider.GetTimestamp());
    }
}

internal static class RequestIdentityExtensions
{
    /// <summary>Gives every request its id and every response the header with it.</summary>
    public static IApplicationBuilder UseRequestIdentity(this IApplicationBuilder app)
    {
        var timeProvider = app.ApplicationServices.GetRequiredService<TimeProvider>();
        return app.Use(next => context =>
        {
            var identity = RequestIdentity.Create(timeProvider);
            context.Features.Set(identity);
            context.Response.Headers[ResponseHeaders.RequestId] = identity.Text;
            if (context.Request.IsAnthropic())
                context.Response.Headers[ResponseHeaders.AnthropicRequestId] = identity.Text;
            return next(context);
        });
    }

    public static RequestIdentity GetRequestIdentity(this HttpContext context) => context.Features.GetRequired<RequestIdentity>();
}
