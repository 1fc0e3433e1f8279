namespace LbTcp.Diagnostics;

/// <summary>The event ids of all log records. An id is never reused for another event.</summary>
internal static class EventIds
{
    // The process: 1xx
    public const int Listening = 100;
    public const int Draining = 101;
    public const int DrainProgress = 102;
    public const int Stopped = 103;
    public const int LinesDropped = 104;
    public const int StartWarning = 105;
    public const int UnobservedException = 107; // 106 was the record of an ignored SIGHUP
    public const int Drained = 108;
    public const int TransportFallback = 109;
    public const int ListeningEnded = 110;
    public const int LogFileReopened = 111;
    public const int LogFileNotReopened = 112;

    // Accepting: 2xx
    public const int AcceptOutOfDescriptors = 200;
    public const int ServiceFailed = 201;
    public const int ConnectionLimitReached = 202;
    public const int ConnectionLimitLeft = 203;

    // Connections: 3xx
    public const int ConnectionClosed = 300;
    public const int ConnectionFault = 301;
    public const int AllBackendsDown = 302;
    public const int AllBackendsDownEnded = 303;
    public const int LocalFault = 304;
    public const int ClientRefused = 305;
    public const int ServerNameDown = 308;
    public const int ServerNameDownEnded = 309;
    public const int ProxyHeaderInvalid = 310;

    // Health: 4xx
    public const int BackendUp = 400;
    public const int BackendDown = 401;
    public const int ProbeInconclusive = 402;
    public const int CheckerFault = 403;

    // Names and addresses: 5xx
    public const int NameFailed = 500;
    public const int NameRecovered = 501;
    public const int BackendAdded = 502;
    public const int BackendRemoved = 503;
    public const int AddressesChanged = 504;
    public const int WeightChanged = 505;
    public const int AddressShared = 506;
    public const int OwnAddressRefused = 507;
    public const int AnswerCut = 508;
    public const int AddressFails = 509;
    public const int AddressAnswers = 510;

    // Reloads: 6xx
    public const int ReloadDone = 600;
    public const int ReloadRefused = 601;
    public const int ReloadFailed = 602;
    public const int ReloadPollingOnly = 603;
    public const int ReloadAdded = 604;
    public const int ReloadChanged = 605;
    public const int ReloadRemoved = 606;
    public const int ReloadSettingChanged = 607;
    public const int ReloadServiceAdded = 608;
    public const int ReloadServiceRemoved = 609;
    public const int ReloadOpened = 610;
    public const int ReloadClosed = 611;

    // Requests of operators: 7xx
    public const int IntentSet = 700;
    public const int WeightSet = 701;
    public const int LogLevelSet = 702;
    public const int ReloadRequested = 703;
    public const int RebalanceRequested = 704;
    public const int RebalanceEnded = 705;
    public const int CloseRequested = 706;

    // The admin endpoint: 72x
    public const int AdminListening = 720;
    public const int AdminFault = 721;
    public const int AdminTokenKept = 722;
    public const int AdminRefused = 723;
    public const int AdminAcceptFailed = 724;
    public const int AdminServerWarning = 725;
    public const int AdminLimitReached = 726;

    // TLS: 8xx
    public const int CertificateExpires = 800;
    public const int CertificateInvalid = 801;
    public const int TlsHandshakeFailed = 802;
    public const int StaplingFailed = 803;
}
