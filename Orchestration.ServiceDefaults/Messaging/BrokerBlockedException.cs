namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>The broker is there and takes nothing, since it is short of memory or disk.</summary>
internal sealed class BrokerBlockedException(string reason) : Exception($"The broker takes no messages: {reason}");
