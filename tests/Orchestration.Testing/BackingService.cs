namespace Orchestration.Testing;

/// <summary>The stores a test can ask for.</summary>
[Flags]
public enum BackingService
{
    None = 0,

    /// <summary>PostgreSQL with pgvector.</summary>
    Postgres = 1,

    Redis = 2,

    RabbitMq = 4,
}
