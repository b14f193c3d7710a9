using MassTransit;

namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>Tells failures that only say that the broker is not there.</summary>
public static class BrokerAbsence
{
    /// <summary>
    /// Whether nothing but an unreachable broker is behind a failed stop: a bus that is stopped while it tries to connect ends with
    /// the failure of that try. What it had to say waits in the outbox, so such a stop is a clean one.
    /// </summary>
    public static bool Explains(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.Count > 0 && several.InnerExceptions.All(Explains),
        RabbitMqConnectionException => true,
        _ => false,
    };
}
