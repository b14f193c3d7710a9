namespace Aspire.Hosting.ApplicationModel;

/// <summary>How long a container lives; the processes of this host always end with it, their data stays.</summary>
internal enum ContainerLifetime
{
    Session,
    Persistent,
}
