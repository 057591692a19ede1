export interface paths {
    "/api/v1/topology": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 一总多区：总窗口、区、联动关系及其依据 */
        get: operations["GetStructure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/topology/difference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 一总多区在两个日期之间的变化 */
        get: operations["GetStructureDifference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carriers/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 覆盖要求的落实：哪些市（区）尚缺 */
        get: operations["GetCoverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 流向矩阵：区域之间的合同、机时与入孵企业 */
        get: operations["GetFlowMatrix"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 搜索：按名称或代码，在所有列表中 */
        get: operations["Search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/waiting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 待办：等待办理、应当知道的事 */
        get: operations["GetWaiting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/feeds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 各事件流的末条、摘要，及其分平台取到何处、最近何时来取
         * @description Every feed: its last record and digest, how far its sub-platform has come, and when it was last heard
         */
        get: operations["ListFeeds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 目录：列表、统计、命令与事件的中英文说法，供界面自行生成
         * @description Every list, figure, command and event in both languages, for pages and forms that make themselves
         */
        get: operations["GetCatalogue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/feeds/{feed}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 事件流，与经 Kafka 下发的记录相同 */
        get: operations["GetFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/news": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 有新内容时告知：server-sent events，每秒至多一次，只告知位置
         * @description Server-sent events: an event `recorded` each time that lists and figures have advanced, at most one a second, with the position and nothing else
         */
        get: operations["GetNews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/streams/{stream}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 一个事件流的历史 */
        get: operations["GetStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/projections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 各投影的进度、归属、重建与暂停的键 */
        get: operations["GetProjections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/projections/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 从头重建；相同版本须得出相同摘要方可替换 */
        post: operations["RebuildProjection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/projections/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 放弃重建 */
        post: operations["DiscardRebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/projections/park": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 暂停一个键：其事件等待，其余照常 */
        post: operations["ParkKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/projections/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 重试暂停的键，按其次序 */
        post: operations["ResumeKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 各统计与其明细的最近一次核对 */
        get: operations["GetDifferences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/figures/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 现在核对各统计与其明细 */
        post: operations["CompareFigures"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 进程存活 */
        get: operations["GetLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 可以服务：数据库与事件库可达，投影正常 */
        get: operations["GetReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/processes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 流程：状态、待办步骤、下一期限与结局 */
        get: operations["GetProcesses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/processes/{process}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 一个流程实例及其历史 */
        get: operations["GetProcess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/templates/{command}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 模板：表头（* 为必填）与一行示例；CSV（UTF-8，带 BOM），或依 Accept 为 .xlsx
         * @description The template of a command: a header (* is required) and a row of examples; CSV, or .xlsx by Accept
         */
        get: operations["GetImportTemplate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 导入：本人的；省级与审计看到全部
         * @description Imports: one’s own; the province and auditors see all
         */
        get: operations["GetImports"];
        put?: never;
        /**
         * 上传一份表格并检查：每行按命令的全部规则试办，不记录；10 秒内未检查完的，续查 GetImport
         * @description Uploads a sheet and checks it: each row is tried by all the rules of its command, and nothing is recorded. One that takes more than 10 seconds is answered while it is checked
         */
        post: operations["UploadImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 一次导入：状态、进度、各状态的行数、有误的前几行
         * @description An import: its state and progress, how many rows are in which state, the first that are at fault
         */
        get: operations["GetImport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 各行：单元格、据此的命令内容、有误之处、请核对之处、答复
         * @description Its rows: cells, the command that they make, what is at fault or odd, and the answer
         */
        get: operations["GetImportRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 各行的结果，为 CSV：行号、结果、缘由、事件流、版本、事件，其后为原来的各列
         * @description What came of each row, as CSV: number, result, reason, stream, revision, events, then its own columns
         */
        get: operations["GetImportReceipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/rows/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * 不导入一行
         * @description Leaves a row out
         */
        delete: operations["SkipImportRow"];
        options?: never;
        head?: never;
        /**
         * 修改一行的单元格并重新检查；不导入的行由此恢复
         * @description Mends cells of a row and checks it anew; takes in a row that was left out
         */
        patch: operations["MendImportRow"];
        trace?: never;
    };
    "/api/v1/imports/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 重新检查尚未记录的各行：所据的事实可能已变
         * @description Checks anew whatever is not recorded: what it rests on may have changed
         */
        post: operations["CheckImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 发送可以办理的各行，在后台；中断的由此继续。同样的内容只办一次
         * @description Sends the rows that were accepted, in the background; goes on with what was cut short. The same content is carried out once
         */
        post: operations["SendImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 停止检查或发送；已记录的不受影响，可再发送
         * @description Stops the check or the sending; what is recorded stays, and it may be sent again
         */
        post: operations["CancelImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 全部事件，按序号；Accept: application/x-ndjson 则一次给出其余全部，一行一条 */
        get: operations["GetEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        RecordedDto: {
            /** Format: uuid */
            id: string;
            /** @example carrier.proposed.v1 */
            type: string;
        };
        ReceiptDto: {
            /**
             * @description 事件流
             * @example carrier-xianyang-enclave
             */
            stream: string;
            /** @description 命令后的版本；没有事件时为 -1 */
            revision: number;
            /** @description 一致性令牌：随查询送回，可读到本次写入 */
            position: string;
            /** @description 本次记录的事件 */
            events: components["schemas"]["RecordedDto"][];
            /** @description 此命令先前已执行，这是当时的答复 */
            repeated: boolean;
        };
        FieldProblemDto: {
            /** @description 字段 */
            field: string;
            /** @description 代码 */
            code: string;
            /** @description 说明 */
            zh: string;
            /** @description Text */
            en: string;
        };
        ProblemDto: {
            /** @example urn:liandong:problem:region.not-yours */
            type: string;
            /** @example 无权操作 */
            title: string;
            /** @example 403 */
            status: number;
            /**
             * @description 稳定的代码；程序据此判断
             * @example region.not-yours
             */
            code: string;
            /**
             * @description 说明
             * @example 只能代表本区域（baoji）及其内未自主办理的区域办理，此事属 xianyang
             */
            detail: string;
            /**
             * @description Text
             * @example You act for baoji only; this belongs to xianyang
             */
            detailEn: string;
            /** @description 有误的字段 */
            errors?: components["schemas"]["FieldProblemDto"][];
        };
        Structure: {
            /** @description 总窗口 */
            hub: Record<string, never> | null;
            /** @description 区域 */
            regions: Record<string, never>[];
            /** @description 行政区划代码 */
            codes: Record<string, never>[];
            /** @description 分组：关中、陕北、陕南 */
            groups: Record<string, never>[];
            /** @description 先行区、示范区、试验区、引领区等 */
            zones: Record<string, never>[];
            /** @description 省外、境外地点 */
            places: Record<string, never>[];
            /** @description 有效的联动关系 */
            links: Record<string, never>[];
            /** @description 规划、在建的区和联动关系 */
            planned: Record<string, never>[];
            /** @description 覆盖要求 */
            rules: Record<string, never>[];
            /** @description 文件的表述 */
            statements: Record<string, never>[];
        };
        Change: {
            /** @description 列表 */
            list: string;
            /** @description 事物 */
            thing: string;
            /** @description 起日的状态；null 为尚无 */
            before: Record<string, never> | null;
            /** @description 止日的状态；null 为已无 */
            after: Record<string, never> | null;
        };
        StructureDifference: {
            /** @description 起日 */
            from: string;
            /** @description 止日 */
            to: string;
            changes: components["schemas"]["Change"][];
        };
        Lacking: {
            /** @description 区域 */
            region: string;
            /** @description 名称 */
            name: string;
            /** @description 现有 */
            have: number;
            /** @description 另在筹建（已规划、提出或备案，未开园） */
            planned: number;
        };
        CoverageRow: {
            /** @description 覆盖要求 */
            rule: string;
            /** @description 依据：文件与条款 */
            basis: Record<string, never>;
            /** @description 表述方式：requires 要求、supports 支持、encourages 鼓励 … */
            modality: string;
            /** @description 载体类别 */
            carrierKind: string;
            /** @description 每个区域至少几个；文件未给数字为 null */
            minimum: number | null;
            /** @description 已达到的区域数；未给数字时为已有的区域数 */
            covered: number;
            /** @description 应覆盖的区域数 */
            regions: number;
            /** @description 尚缺的区域；未给数字时没有 */
            lacking: components["schemas"]["Lacking"][];
        };
        Coverage: {
            rules: components["schemas"]["CoverageRow"][];
        };
        MatrixRow: {
            /** @description 流出区域；合计行没有 */
            origin?: string;
            /** @description 流入区域；合计行没有 */
            destination?: string;
            /** @description 期间的一部分 */
            period?: string;
            /** @description 合同项数 */
            contracts: number | string;
            /** @description 成交额，分 */
            amountFen: number | string;
            /** @description 核定技术性收入，分 */
            technicalRevenueFen: number | string;
            /** @description 仪器使用次数 */
            uses: number | string;
            /** @description 仪器机时，小时 */
            hours: number | string;
            /** @description 入孵企业，家 */
            firms: number | string;
        };
        Matrix: {
            /** @description 定义 */
            definition: string;
            /** @description 期间起 */
            from: string;
            /** @description 期间止（不含） */
            to: string;
            /** @description 期间第一日 */
            firstDay: string;
            /** @description 期间最后一日 */
            lastDay: string;
            asOf: string | null;
            /** @description 事件库中的位置 */
            asAt: string | null;
            /** @description 仅示与这些区域有关的行；空为全部 */
            scope: string[] | null;
            cells: components["schemas"]["MatrixRow"][];
            /** @description 各流出、流入区域及各期之和 */
            margins: components["schemas"]["MatrixRow"][];
            /** @description 合计；不可见则为空 */
            total: components["schemas"]["MatrixRow"] | null;
            /** @description 下一页的 after */
            next: string | null;
        };
        Hit: {
            /**
             * @description 列表
             * @example carriers
             */
            list: string;
            /**
             * @description 列表名称
             * @example 载体
             */
            zh: string;
            /**
             * @description What the list has
             * @example A carrier: incubator, accelerator, enclave, offshore centre …
             */
            en: string;
            /**
             * @description 标识
             * @example {
             *       "carrier": "xianyang-enclave"
             *     }
             */
            key: Record<string, never>;
            /**
             * @description 名称
             * @example 咸阳（西咸）飞地孵化器
             */
            label: string;
            /**
             * @description 标识、名称或代码与所问完全相同
             * @example false
             */
            exact: boolean;
            /**
             * @description 列表中的一行，连同所据事实 trace
             * @example {
             *       "carrier": "xianyang-enclave",
             *       "name": "咸阳（西咸）飞地孵化器",
             *       "kind": "飞地孵化器",
             *       "home": "xianyang",
             *       "host": "xixian",
             *       "status": "open",
             *       "since": "2023-02-09",
             *       "plannedOn": null,
             *       "answerBy": null,
             *       "signedByHomeOn": "2023-02-10",
             *       "signedByHostOn": "2023-02-11",
             *       "endedFor": null,
             *       "filing": "示例-2023-001",
             *       "filedOn": "2023-02-20",
             *       "openedOn": "2023-03-01",
             *       "agreementUntil": "2026-03-01",
             *       "suspendedFor": null,
             *       "closesOn": null,
             *       "basis": {
             *         "document": "秦创原创新驱动平台建设2023年工作要点",
             *         "clause": "一、3"
             *       }
             *     }
             */
            row: Record<string, never>;
        };
        SearchAnswer: {
            /** @description 完全相同的在前，其余依列表 */
            hits: components["schemas"]["Hit"][];
            /**
             * @description 还有更多的列表：以 search 参数问该列表
             * @example []
             */
            more: string[];
        };
        WaitingCommand: {
            /**
             * @description 命令
             * @example SignAsHost
             */
            name: string;
            /**
             * @description 路径
             * @example /api/v1/carriers/sign-as-host
             */
            path: string;
            /**
             * @description 可用的角色
             * @example [
             *       "operator"
             *     ]
             */
            roles: string[];
            /**
             * @description 说明
             * @example 飞入地签署
             */
            zh: string;
            /**
             * @description Text
             * @example Sign as host
             */
            en: string;
        };
        WaitingThing: {
            /**
             * @description 说明
             * @example “咸阳飞地”待飞入地 xixian 签署
             */
            zh: string;
            /**
             * @description Text
             * @example “咸阳飞地” waits for the host, xixian, to sign
             */
            en: string;
            /**
             * @description 标识
             * @example {
             *       "carrier": "xianyang-enclave"
             *     }
             */
            key: Record<string, never>;
            /**
             * @description 自何日起
             * @example 2026-11-01
             */
            since: string | null;
            /**
             * @description 期限（不含）；没有则为空
             * @example 2026-12-01
             */
            deadline: string | null;
            /**
             * @description 该谁办：区域，或 province（省级）
             * @example [
             *       "xixian"
             *     ]
             */
            turn: string[];
            /**
             * @description 该您办
             * @example true
             */
            mine: boolean;
        };
        WaitingKind: {
            /**
             * @description 种类
             * @example carrier-sign-host
             */
            kind: string;
            /**
             * @description 名称
             * @example 待飞入地签署
             */
            zh: string;
            /**
             * @description Name
             * @example To be signed by the host
             */
            en: string;
            /**
             * @description 所在列表
             * @example carriers
             */
            list: string;
            /**
             * @description 您看得到的共几件
             * @example 1
             */
            count: number;
            /** @description 以何命令办理 */
            commands: components["schemas"]["WaitingCommand"][];
            /** @description 期限最近的在前；没有期限的以最久的在前，或依标识 */
            items: components["schemas"]["WaitingThing"][];
            /**
             * @description 下一页：连同 kind 作 after；已到末尾则为空
             * @example null
             */
            next: string | null;
        };
        WaitingAnswer: {
            /**
             * @description 以此日计
             * @example 2026-11-28
             */
            day: string;
            /** @description 各种类；问了 kind 则只有这一种 */
            kinds: components["schemas"]["WaitingKind"][];
        };
        FeedReaderDto: {
            /**
             * @description 分平台已有的最后序号
             * @example 1485
             */
            sequence: number;
            /**
             * Format: date-time
             * @description 最近一次来取的时刻
             */
            heardAt: string;
            /**
             * @description 尚未取走的记录数
             * @example 0
             */
            behind: number;
        };
        FeedStateDto: {
            /** @description 最后序号；空为 0 */
            sequence: number;
            /** @description 至此的摘要 */
            digest: string;
            /**
             * @description 事件流
             * @example region.xianyang
             */
            feed: string;
            /**
             * @description 所属区域；reference 为空
             * @example xianyang
             */
            region: string | null;
            /** @description 其分平台；从未来取过则为空 */
            reader: components["schemas"]["FeedReaderDto"] | null;
        };
        FeedsDto: {
            feeds: components["schemas"]["FeedStateDto"][];
        };
        CatalogueContext: {
            /**
             * @description 名称；其命令路径的第一部分
             * @example carriers
             */
            name: string;
            /**
             * @description 中文
             * @example 载体
             */
            zh: string;
            /**
             * @description English
             * @example Carriers
             */
            en: string;
        };
        CatalogueSaid: {
            /** @description 中文 */
            zh: string;
            /** @description English */
            en: string;
        };
        CatalogueColumn: {
            /**
             * @description 字段
             * @example status
             */
            name: string;
            /**
             * @description 列名
             * @example 状态
             */
            zh: string;
            /**
             * @description Label
             * @example Status
             */
            en: string;
            /** @description 列名未尽之处 */
            help?: components["schemas"]["CatalogueSaid"];
            /**
             * @description 种类：fen 为分，hundredths 至多两位小数，parts 有各部分，several 为多项
             * @enum {string}
             */
            kind: "text" | "slug" | "region" | "day" | "fen" | "count" | "hundredths" | "flag" | "choice" | "uscc" | "parts" | "several";
            /**
             * @description 可为空
             * @example false
             */
            nullable: boolean;
            /**
             * @description 取值的说法；choice 每个取值都有
             * @example {
             *       "open": {
             *         "zh": "已开园",
             *         "en": "Open"
             *       }
             *     }
             */
            values?: {
                [key: string]: {
                    zh: string;
                    en: string;
                };
            };
            /**
             * @description 所指事物的列表
             * @example carriers
             */
            list?: string;
            /**
             * @description 该列表标识的末一字段
             * @example carrier
             */
            field?: string;
            /**
             * @description 所属代码表
             * @example carrier-kinds
             */
            codes?: string;
            /** @description 各部分 */
            parts?: components["schemas"]["CatalogueColumn"][];
            /** @description 其中每一项 */
            of?: components["schemas"]["CatalogueColumn"];
        };
        CatalogueList: {
            /**
             * @description 列表：GET /api/v1/<列表>
             * @example carriers
             */
            name: string;
            /**
             * @description 所属
             * @example carriers
             */
            context: string | null;
            /**
             * @description 中文
             * @example 载体
             */
            zh: string;
            /**
             * @description English
             * @example Carriers
             */
            en: string;
            /**
             * @description 标识的字段
             * @example [
             *       "carrier"
             *     ]
             */
            key: string[];
            /**
             * @description 可据以筛选
             * @example [
             *       "kind",
             *       "home",
             *       "host",
             *       "status"
             *     ]
             */
            filter: string[];
            /**
             * @description 可据以排序
             * @example [
             *       "name",
             *       "since"
             *     ]
             */
            sort: string[];
            /**
             * @description 所搜索的字段；没有则不能搜索
             * @example [
             *       "name",
             *       "filing"
             *     ]
             */
            search: string[];
            /** @description 各列 */
            columns: components["schemas"]["CatalogueColumn"][];
        };
        CatalogueFigure: {
            /**
             * @description 统计：GET /api/v1/figures/<统计>
             * @example capacity
             */
            name: string;
            /**
             * @description 所属
             * @example carriers
             */
            context: string | null;
            /**
             * @description 中文
             * @example 载体
             */
            zh: string;
            /**
             * @description English
             * @example Carriers
             */
            en: string;
            /** @description 定义：公式，或文件与条款 */
            source: string;
            /**
             * @description 未指明时据以分列
             * @example [
             *       "carrier"
             *     ]
             */
            by: string[];
            /**
             * @description 维度：名称；region 为区域，list 为所指列表，values 为取值的说法
             * @example {
             *       "home": {
             *         "zh": "飞出地",
             *         "en": "Home region",
             *         "region": true,
             *         "list": "regions"
             *       }
             *     }
             */
            dimensions: {
                [key: string]: Record<string, never>;
            };
            /**
             * @description 数量：名称；flow 为一段时间之和，level 为一日之值；小数位数与单位
             * @example {
             *       "desks": {
             *         "zh": "可用工位",
             *         "en": "Desks",
             *         "kind": "level",
             *         "decimals": 0,
             *         "unit": {
             *           "zh": "个",
             *           "en": "units"
             *         }
             *       }
             *     }
             */
            measures: {
                [key: string]: Record<string, never>;
            };
            /**
             * @description 比率：名称；of 为分子与分母，each 为先逐一计算再平均的维度
             * @example {
             *       "deskOccupancy": {
             *         "zh": "工位入驻率",
             *         "en": "Desk occupancy",
             *         "of": [
             *           "desksLet",
             *           "desks"
             *         ]
             *       }
             *     }
             */
            rates: {
                [key: string]: Record<string, never>;
            };
        };
        CatalogueActs: {
            /**
             * @description 列表
             * @example allocations
             */
            list: string;
            /**
             * @description 列表标识的字段与命令的字段
             * @example {
             *       "carrier": "carrier",
             *       "allocation": "allocation"
             *     }
             */
            key: {
                [key: string]: string;
            };
        };
        CatalogueCommand: {
            /**
             * @description 命令
             * @example reverse-allocation
             */
            name: string;
            /**
             * @description 所属
             * @example carriers
             */
            context: string;
            /**
             * @description 路径
             * @example /api/v1/carriers/reverse-allocation
             */
            path: string;
            /**
             * @description operationId，亦即本文档中其模式的名称
             * @example ReverseAllocation
             */
            operation: string;
            /**
             * @description 说明
             * @example 冲销空间分配（飞出地）
             */
            zh: string;
            /**
             * @description Text
             * @example Reverse an allocation (home)
             */
            en: string;
            /**
             * @description 可用的角色
             * @example [
             *       "operator"
             *     ]
             */
            roles: string[];
            /** @description 办理哪些列表中已有的事物 */
            acts: components["schemas"]["CatalogueActs"][];
        };
        CatalogueAnswer: {
            contexts: components["schemas"]["CatalogueContext"][];
            lists: components["schemas"]["CatalogueList"][];
            figures: components["schemas"]["CatalogueFigure"][];
            commands: components["schemas"]["CatalogueCommand"][];
            /**
             * @description 库存事件类型的说法
             * @example {
             *       "carrier.registered.v1": {
             *         "zh": "登记载体",
             *         "en": "Carrier registered"
             *       }
             *     }
             */
            events: {
                [key: string]: {
                    zh: string;
                    en: string;
                };
            };
        };
        FeedHeadDto: {
            /** @description 最后序号；空为 0 */
            sequence: number;
            /** @description 至此的摘要 */
            digest: string;
        };
        FeedPageDto: {
            /** @description 事件流：reference，或 region.<区域> */
            feed: string;
            /** @description CloudEvents 记录；records=all 时序号 feedsequence 连续 */
            records: Record<string, never>[];
            /** @description 此刻最后的序号与摘要，用于对账 */
            last: components["schemas"]["FeedHeadDto"];
        };
        StreamDto: {
            /** @description 事件流 */
            stream: string;
            /** @description 事件，含完整元数据 */
            events: Record<string, never>[];
            /** @description 下一页的 from；已到末尾则为空 */
            next: number | null;
        };
        BuildDto: {
            /** @description 投影 */
            projection: string;
            /**
             * @description live 供查询；next 在旁重建
             * @enum {string}
             */
            build: "live" | "next";
            /** @description 版本 */
            version: number;
            /** @description 已处理到的位置 */
            position: string;
            /** @description 由哪个进程维护；租约已过则为空 */
            owner: string | null;
            /**
             * Format: date-time
             * @description 开始于
             */
            startedAt: string;
            /** @description 重建的结果：两版的摘要 */
            outcome: Record<string, never> | null;
            /** @description 已读日志的份额，0—1 */
            progress: number;
            /** @description 尚未处理的第一个事件已等待的秒数 */
            lagSeconds: number;
            /** @description 重建尚需秒数，估计 */
            secondsLeft: number | null;
        };
        ParkedDto: {
            /** @description 投影 */
            projection: string;
            /** @enum {string} */
            build: "live" | "next";
            /** @description 键 */
            key: string;
            /** @description 等待的事件数 */
            events: number;
            /** @description 第一条的位置 */
            position: string;
            /** @description 原因 */
            reason: string | null;
            /** @description 自 */
            since: string;
        };
        ProjectionsDto: {
            /** @description 未结束的事务使读者等待了几秒；非 PostgreSQL 事件库为空 */
            watermarkAgeSeconds: number | null;
            builds: components["schemas"]["BuildDto"][];
            /** @description 暂停的键：所涉统计不完整 */
            parked: components["schemas"]["ParkedDto"][];
        };
        ProjectionRequest: {
            /**
             * @description 投影 · Projection
             * @example capacity
             */
            projection: string;
        };
        AskedDto: {
            /** @description 所请求的已记下，由维护此投影的进程执行 */
            asked: boolean;
        };
        KeyRequest: {
            /**
             * @description 投影 · Projection
             * @example capacity
             */
            projection: string;
            /**
             * @description 键：如状态所示 · Key: As the status shows it
             * @example ["xianyang-enclave","unit","floor-3"]
             */
            key: string;
        };
        ResumeRequest: {
            /**
             * @description 投影 · Projection
             * @example capacity
             */
            projection: string;
            /** @description 键：缺省为此投影的全部 · Key: All of this projection when absent */
            key?: string;
        };
        DifferenceDto: {
            /** @description 统计 */
            figure: string;
            /** @description 所按维度 */
            set: string[];
            /** @description 格 */
            cell: {
                [key: string]: string;
            };
            /** @description 年（2023）或月（202302） */
            bucket: number;
            /** @description 所存之数 */
            kept: {
                [key: string]: string;
            };
            /** @description 明细之和 */
            entries: {
                [key: string]: string;
            };
        };
        DifferencesDto: {
            /** @description 与明细不符之数；没有则相符 */
            differences: components["schemas"]["DifferenceDto"][];
        };
        PendingDto: {
            /** @description 步骤 */
            step: string;
            /** @description 命令 */
            command: string;
            /** @description 命令内容 */
            fields: Record<string, never>;
            /**
             * Format: uuid
             * @description 命令标识：重试亦同
             */
            commandId: string;
        };
        DeadlineDto: {
            /** @description 期限 */
            name: string;
            /**
             * Format: date-time
             * @description 到期时刻（UTC）
             */
            due: string;
        };
        ProcessDto: {
            /**
             * @description 流程
             * @example admission
             */
            process: string;
            /** @description 实例 */
            key: string;
            /**
             * @description 状态
             * @enum {string}
             */
            status: "running" | "ended";
            /** @description 如何结束 */
            end: string | null;
            /** @description 流程所记 */
            state: Record<string, never>;
            /** @description 尚无结果的步骤，按顺序 */
            pending: components["schemas"]["PendingDto"][];
            /** @description 下一个期限 */
            deadline: components["schemas"]["DeadlineDto"] | null;
            /** @description 有关区域 */
            regions: string[];
            /** @description 开始的日期 */
            occurredAt: string;
            /** @description 暂不能继续的原因与次数（仅本进程所知） */
            trouble: string | null;
        };
        ProcessesDto: {
            /** @description 新近开始的在前 */
            processes: components["schemas"]["ProcessDto"][];
            /** @description 下一页的 before；已到末尾则为空 */
            next: string | null;
        };
        ProcessHistoryDto: {
            /**
             * @description 流程
             * @example admission
             */
            process: string;
            /** @description 实例 */
            key: string;
            /**
             * @description 状态
             * @enum {string}
             */
            status: "running" | "ended";
            /** @description 如何结束 */
            end: string | null;
            /** @description 流程所记 */
            state: Record<string, never>;
            /** @description 尚无结果的步骤，按顺序 */
            pending: components["schemas"]["PendingDto"][];
            /** @description 下一个期限 */
            deadline: components["schemas"]["DeadlineDto"] | null;
            /** @description 有关区域 */
            regions: string[];
            /** @description 开始的日期 */
            occurredAt: string;
            /** @description 暂不能继续的原因与次数（仅本进程所知） */
            trouble: string | null;
            /** @description 起作用的事件与每一步的结果，按先后，含完整元数据 */
            events: Record<string, never>[];
        };
        ActorDto: {
            /** @example operator@xianyang */
            id: string;
            /**
             * @example operator
             * @enum {string}
             */
            role: "province" | "operator" | "auditor" | "sub-platform";
            /** @example xianyang */
            region?: string;
        };
        CountsDto: {
            /**
             * @description 待检查
             * @example 0
             */
            waiting: number;
            /**
             * @description 可以办理
             * @example 198
             */
            accepted: number;
            /**
             * @description 有误
             * @example 2
             */
            faulty: number;
            /**
             * @description 与前面某行相同
             * @example 0
             */
            duplicate: number;
            /**
             * @description 不导入
             * @example 0
             */
            skipped: number;
            /**
             * @description 已记录
             * @example 0
             */
            recorded: number;
            /**
             * @description 先前已办
             * @example 0
             */
            repeated: number;
            /**
             * @description 发送时未受理
             * @example 0
             */
            refused: number;
        };
        ProgressDto: {
            /**
             * @description 已处理的行
             * @example 200
             */
            done: number;
            /**
             * @description 共几行
             * @example 200
             */
            of: number;
        };
        ColumnDto: {
            /**
             * @description 单元格的键：字段，无字段的为列名
             * @example firm
             */
            key: string;
            /**
             * @description 文件中的列名
             * @example 企业名称
             */
            header: string;
            /**
             * @description 命令的字段；没有的不导入
             * @example firm
             */
            field: string | null;
            /**
             * @description 单位
             * @example null
             */
            unit: string | null;
        };
        NoticeDto: {
            /** @example column.unknown */
            code: string;
            /**
             * @description 列名
             * @example 备注
             */
            column: string;
            /** @example 没有“备注”这一列，其内容不导入 */
            zh: string;
            /** @example There is no column "备注": what it says is left out */
            en: string;
        };
        RowDto: {
            /**
             * @description 文件中的行号，表头为 1
             * @example 2
             */
            n: number;
            /**
             * @description waiting 待检查、accepted 可以办理、faulty 有误、duplicate 与前面某行相同、skipped 不导入、recorded 已记录、repeated 先前已办、refused 发送时未受理
             * @example faulty
             * @enum {string}
             */
            state: "waiting" | "accepted" | "faulty" | "duplicate" | "skipped" | "recorded" | "repeated" | "refused";
            /**
             * @description 单元格的文本，以列的 key 为键
             * @example {
             *       "uscc": "9.16101E+17"
             *     }
             */
            cells: Record<string, never>;
            /**
             * @description 据此的命令内容
             * @example {
             *       "uscc": "9.16101E+17"
             *     }
             */
            fields: Record<string, never> | null;
            /** @description 有误之处，与命令的答复相同 */
            faults: components["schemas"]["FieldProblemDto"][];
            /** @description 请核对之处，不妨碍发送 */
            warnings: components["schemas"]["FieldProblemDto"][];
            /** @description 发送之后的答复 */
            receipt: components["schemas"]["ReceiptDto"] | null;
            /** @description 发送时未受理的缘由 */
            refusal: components["schemas"]["ProblemDto"] | null;
        };
        ImportDto: {
            /** Format: uuid */
            id: string;
            /**
             * @description 命令
             * @example incubation/admit-firm
             */
            command: string;
            /**
             * @description 命令的名称
             * @example 准入企业（飞出地）
             */
            zh: string;
            /**
             * @description Name of the command
             * @example Admit a firm (home)
             */
            en: string;
            /**
             * @description 文件名
             * @example 企业名单.xlsx
             */
            file: string | null;
            /**
             * @example xlsx
             * @enum {string}
             */
            format: "csv" | "xlsx";
            /**
             * @description CSV 的编码
             * @example null
             */
            encoding: string | null;
            /**
             * @description 工作表
             * @example Sheet1
             */
            sheet: string | null;
            /** @description 上传者 */
            by: components["schemas"]["ActorDto"];
            /**
             * @description 由您上传：只有上传者可以修改与发送
             * @example true
             */
            mine: boolean;
            /** Format: date-time */
            createdAt: string;
            /**
             * @description checking 检查中、checked 已检查、sending 发送中、sent 已发送、cancelled 已取消
             * @example checked
             * @enum {string}
             */
            state: "checking" | "checked" | "sending" | "sent" | "cancelled";
            /**
             * @description 共几行
             * @example 200
             */
            rows: number;
            /** @description 各状态的行数 */
            counts: components["schemas"]["CountsDto"];
            /** @description 检查或发送的进度 */
            progress: components["schemas"]["ProgressDto"];
            /**
             * @description 暂不能继续的缘由；将自动重试
             * @example null
             */
            trouble: string | null;
            /** @description 文件的各列 */
            columns: components["schemas"]["ColumnDto"][];
            /** @description 关于各列，应当知道的 */
            notices: components["schemas"]["NoticeDto"][];
            /** @description 有误或未受理的前 20 行 */
            faulty: components["schemas"]["RowDto"][];
        };
        ImportSummaryDto: {
            /** Format: uuid */
            id: string;
            /**
             * @description 命令
             * @example incubation/admit-firm
             */
            command: string;
            /**
             * @description 命令的名称
             * @example 准入企业（飞出地）
             */
            zh: string;
            /**
             * @description Name of the command
             * @example Admit a firm (home)
             */
            en: string;
            /**
             * @description 文件名
             * @example 企业名单.xlsx
             */
            file: string | null;
            /**
             * @example xlsx
             * @enum {string}
             */
            format: "csv" | "xlsx";
            /**
             * @description CSV 的编码
             * @example null
             */
            encoding: string | null;
            /**
             * @description 工作表
             * @example Sheet1
             */
            sheet: string | null;
            /** @description 上传者 */
            by: components["schemas"]["ActorDto"];
            /**
             * @description 由您上传：只有上传者可以修改与发送
             * @example true
             */
            mine: boolean;
            /** Format: date-time */
            createdAt: string;
            /**
             * @description checking 检查中、checked 已检查、sending 发送中、sent 已发送、cancelled 已取消
             * @example checked
             * @enum {string}
             */
            state: "checking" | "checked" | "sending" | "sent" | "cancelled";
            /**
             * @description 共几行
             * @example 200
             */
            rows: number;
            /** @description 各状态的行数 */
            counts: components["schemas"]["CountsDto"];
            /** @description 检查或发送的进度 */
            progress: components["schemas"]["ProgressDto"];
            /**
             * @description 暂不能继续的缘由；将自动重试
             * @example null
             */
            trouble: string | null;
        };
        ImportsDto: {
            /** @description 新近上传的在前 */
            imports: components["schemas"]["ImportSummaryDto"][];
            /** @description 下一页的 before；已到末尾则为空 */
            next: number | null;
        };
        RowsDto: {
            /** @description 按行号 */
            rows: components["schemas"]["RowDto"][];
            /** @description 下一页的 after；已到末尾则为空 */
            next: number | null;
        };
        MendDto: {
            /**
             * @description 要改的单元格：列名或字段名，及其文本；空文本表示空白
             * @example {
             *       "企业名称": "示例企业",
             *       "basis.clause": "一、2"
             *     }
             */
            cells: Record<string, never>;
        };
        LoggedEventDto: {
            /** @description 序号：1、2、3……，连续 */
            sequence: number;
            /** @description 至此的链式摘要，SHA-256 */
            digest: string;
            /**
             * Format: uuid
             * @description 事件标识
             */
            id: string;
            /** @description 事件流 */
            stream: string;
            /** @description 在事件流中的版本，自 0 起 */
            revision: number;
            /** @description 类型 */
            type: string;
            /** @description 在全部事件中的位置 */
            position: string;
            /** @description 数据，如所存；事件已不在则为空 */
            data: Record<string, never> | null;
            /** @description 元数据，如所存 */
            metadata: Record<string, never> | null;
        };
        LogHeadDto: {
            /** @description 最后的序号 */
            sequence: number;
            /** @description 最后的摘要：记下来，日后以 npm run verify -- --head 序号:摘要 核对 */
            digest: string;
        };
        TamperedDto: {
            /** @description 序号；多出的事件为其后一条的序号 */
            sequence: number;
            /** @description 事件流 */
            stream: string | null;
            /** @description 版本 */
            revision: number | null;
            /** @description 何处不符 */
            what: ("data" | "metadata" | "type" | "id" | "stream" | "revision" | "removed" | "inserted" | "reordered" | "log-digest" | "log-row" | "log-removed" | "head" | "head-missing")[];
            /** @description 说明 */
            detail: string;
            /** @description 说明（英文） */
            detailEn: string;
        };
        EventsDto: {
            /** @description 按序号 */
            events: components["schemas"]["LoggedEventDto"][];
            /** @description 此刻日志的末条 */
            head: components["schemas"]["LogHeadDto"];
            /** @description 下一页的 after；已到末尾则为空 */
            next: number | null;
            /** @description 事件库与日志第一处不符；相符则为空 */
            tampered: components["schemas"]["TamperedDto"] | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    GetStructure: {
        parameters: {
            query?: {
                /** @description 截至此日：缺省为最近 · As of this day: The latest when absent */
                asOf?: string;
                /** @description 截至此刻已记录：时刻或位置；缺省为现在 · As at this moment: An instant or a position; now when absent */
                asAt?: string;
            };
            header?: {
                /** @description 命令答复中的令牌：读到自己的写入 */
                "Consistency-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Structure"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`region.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetStructureDifference: {
        parameters: {
            query: {
                /** @description 起日 · From */
                from: string;
                /** @description 止日 · To */
                to: string;
                /** @description 截至此刻已记录：时刻或位置；缺省为现在 · As at this moment: An instant or a position; now when absent */
                asAt?: string;
            };
            header?: {
                /** @description 命令答复中的令牌：读到自己的写入 */
                "Consistency-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StructureDifference"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`region.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetCoverage: {
        parameters: {
            query?: {
                /** @description 截至此日：缺省为最近 · As of this day: The latest when absent */
                asOf?: string;
                /** @description 截至此刻已记录：时刻或位置；缺省为现在 · As at this moment: An instant or a position; now when absent */
                asAt?: string;
            };
            header?: {
                /** @description 命令答复中的令牌：读到自己的写入 */
                "Consistency-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coverage"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`region.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetFlowMatrix: {
        parameters: {
            query?: {
                /** @description 截至此日：缺省为最近 · As of this day: The latest when absent */
                asOf?: string;
                /** @description 截至此刻已记录：时刻或位置；缺省为现在 · As at this moment: An instant or a position; now when absent */
                asAt?: string;
                /** @description 期间：年、季或月；或以 from 与 to 指明 · A year, a quarter or a month; or else from and to */
                period?: string;
                /** @description 期间起 · The first day */
                from?: string;
                /** @description 期间止（不含） · The day after the last */
                to?: string;
                /** @description 按年、季、月分列 · Parts of the period */
                per?: string;
                /** @description 把区域汇总到此层级：缺省按其本身 · Rolls regions up along the tree: Each by itself when absent */
                level?: string;
                /** @description 仅自此区域流出 · Only from this region */
                origin?: string;
                /** @description 仅流入此区域 · Only to this region */
                destination?: string;
                /** @description 上一页的 next · The next of the page before */
                after?: string;
            };
            header?: {
                /** @description 命令答复中的令牌：读到自己的写入 */
                "Consistency-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matrix"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`region.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    Search: {
        parameters: {
            query: {
                /** @description 截至此日：缺省为最近 · As of this day: The latest when absent */
                asOf?: string;
                /** @description 截至此刻已记录：时刻或位置；缺省为现在 · As at this moment: An instant or a position; now when absent */
                asAt?: string;
                /** @description 名称或代码，或其中一部分：名称的任何一部分，统一社会信用代码、登记编号，或标识的全部 · A name or a code, or part of it: Part of a name or number, or a whole id */
                text: string;
                /** @description 每个列表至多几条：缺省 5 · At most so many of each list: 5 when absent */
                each?: number;
            };
            header?: {
                /** @description 命令答复中的令牌：读到自己的写入 */
                "Consistency-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchAnswer"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`region.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetWaiting: {
        parameters: {
            query?: {
                /** @description 截至此日：缺省为最近 · As of this day: The latest when absent */
                asOf?: string;
                /** @description 截至此刻已记录：时刻或位置；缺省为现在 · As at this moment: An instant or a position; now when absent */
                asAt?: string;
                /** @description 仅此种类 · Only this kind */
                kind?: string;
                /** @description 上一页的 next，连同 kind · The next of the page before, with its kind */
                after?: string;
                /** @description 每个种类至多几件：缺省 20 · At most so many of each kind: 20 when absent */
                limit?: number;
            };
            header?: {
                /** @description 命令答复中的令牌：读到自己的写入 */
                "Consistency-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaitingAnswer"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`region.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ListFeeds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedsDto"];
                };
            };
        };
    };
    GetCatalogue: {
        parameters: {
            query?: never;
            header?: {
                /** @description 已有的版本（ETag）；未变则答 304 */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogueAnswer"];
                };
            };
            /** @description 未变 */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`region.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetFeed: {
        parameters: {
            query?: {
                /** @description 已有的最后序号 · Last sequence that is there */
                after?: number;
                /** @description 至多几条：缺省 500 · Records a page: 500 when absent */
                limit?: number;
                /** @description 没有新记录时至多等几秒：缺省 0 · Seconds to wait when there is nothing new: 0 when absent */
                wait?: number;
                /** @description 取哪些记录：latest 仅取每一事物的最后一条：新加入者据此建立全貌；缺省 all · Which records: latest: only the last of each thing, from which one that joins builds the whole; all when absent */
                records?: "all" | "latest";
            };
            header?: never;
            path: {
                feed: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedPageDto"];
                };
            };
        };
    };
    GetNews: {
        parameters: {
            query?: never;
            header?: {
                /** @description 上次告知的位置：其后已有新内容，立即告知 */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 事件流；15 秒一次心跳，15 分钟后结束，可再连接 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example event: recorded
                     *     id: 0000000000000042
                     *     data: {"position":"0000000000000042"}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `news.too-many` 同一人的连接过多 */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetStream: {
        parameters: {
            query?: {
                /** @description 自此版本起 · From this revision */
                from?: number;
                /** @description 至多几条：缺省 200 · Events a page: 200 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                stream: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamDto"];
                };
            };
        };
    };
    GetProjections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectionsDto"];
                };
            };
        };
    };
    RebuildProjection: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectionRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AskedDto"];
                };
            };
        };
    };
    DiscardRebuild: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectionRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AskedDto"];
                };
            };
        };
    };
    ParkKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AskedDto"];
                };
            };
        };
    };
    ResumeKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AskedDto"];
                };
            };
        };
    };
    GetDifferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DifferencesDto"];
                };
            };
        };
    };
    CompareFigures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DifferencesDto"];
                };
            };
        };
    };
    GetLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    GetReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    GetProcesses: {
        parameters: {
            query?: {
                /** @description 仅此流程 · Only this process */
                process?: string;
                /** @description 仅此实例 · Only this instance */
                key?: string;
                /** @description 仅此状态 · Only this status */
                status?: "running" | "ended";
                /** @description 至多几个：缺省 200 · Instances a page: 200 when absent */
                limit?: number;
                /** @description 上一页的 next · The next of the page before */
                before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProcessesDto"];
                };
            };
        };
    };
    GetProcess: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                process: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProcessHistoryDto"];
                };
            };
        };
    };
    GetImportTemplate: {
        parameters: {
            query?: {
                /** @description 格式：缺省依 Accept，再缺省为 csv · Format: By Accept when absent, else csv */
                format?: "csv" | "xlsx";
            };
            header?: never;
            path: {
                /** @description 命令 */
                command: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 模板 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["ProblemDto"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["ProblemDto"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `command.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["ProblemDto"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["ProblemDto"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetImports: {
        parameters: {
            query?: {
                /** @description 仅此命令：其路由的最后一段，或 /api/v1/ 之后的全部 · Only of this command: The end of its route, or all of it after /api/v1/ */
                command?: string;
                /** @description 仅本人上传的：省级与审计可见全部；经办所见均为本人的 · Only those of the caller: The province and auditors see all; an operator sees its own */
                mine?: boolean;
                /** @description 上一页的 next · The next of the page before */
                before?: number;
                /** @description 至多几个：缺省 50 · Imports a page: 50 when absent */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportsDto"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    UploadImport: {
        parameters: {
            query: {
                /** @description 命令：其路由的最后一段，或 /api/v1/ 之后的全部 · Command: The end of its route, or all of it after /api/v1/ */
                command: string;
                /** @description 工作表：仅 .xlsx；缺省为第一张 · Sheet: Of .xlsx only; the first when absent */
                sheet?: string;
            };
            header?: {
                /** @description 文件名：attachment; filename*=UTF-8''… */
                "Content-Disposition"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description 文件本身：CSV（UTF-8 或 GB18030）或 .xlsx，至多 20 MB、100 000 行 */
        requestBody: {
            content: {
                "text/csv": string;
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description 导入；Location 为其地址 */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportDto"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `command.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `sheet.too-big` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.no-file` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid`、`import.columns`、`import.no-header`、`import.no-rows`、`sheet.csv`、`sheet.empty`、`sheet.encoding`、`sheet.old-excel`、`sheet.too-many-characters`、`sheet.too-many-columns`、`sheet.too-many-rows`、`sheet.too-much-text`、`sheet.unknown`、`sheet.unpacks-to-too-much`、`sheet.xlsx` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 导入 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportDto"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetImportRows: {
        parameters: {
            query?: {
                /** @description 仅此状态 · Only of this state */
                state?: "waiting" | "accepted" | "faulty" | "duplicate" | "skipped" | "recorded" | "repeated" | "refused";
                /** @description 上一页的 next · The next of the page before */
                after?: number;
                /** @description 至多几行：缺省 100 · Rows a page: 100 when absent */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description 导入 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowsDto"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetImportReceipts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 导入 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 回执 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SkipImportRow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 导入 */
                id: string;
                /** @description 行号 */
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowDto"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`import.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.unknown`、`row.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.busy`、`row.recorded` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MendImportRow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 导入 */
                id: string;
                /** @description 行号 */
                n: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MendDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowDto"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`import.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.unknown`、`row.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.busy`、`row.recorded` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `request.invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    CheckImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 导入 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportDto"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`import.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.busy` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SendImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 导入 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportDto"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`import.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.busy`、`import.not-checked` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    CancelImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description 导入 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportDto"];
                };
            };
            /** @description `auth.missing`、`auth.invalid` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `auth.role`、`import.not-yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.unknown` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
            /** @description `import.over` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    GetEvents: {
        parameters: {
            query?: {
                /** @description 已有的最后序号；缺省 0 · The last sequence that is there already; 0 unless it is given */
                after?: number;
                /** @description 至多几条；JSON 缺省 200，JSON 行缺省其余全部 · At most so many; 200 as JSON, the whole rest as JSON lines unless it is given */
                limit?: number;
                /** @description 仅此类型 · Only this type */
                type?: string;
                /** @description 仅名称以此开头的事件流 · Only streams whose names begin with this */
                stream?: string;
                /** @description 仅与此区域有关 · Only what concerns this region */
                region?: string;
                /** @description 仅由此人办理 · Only by this actor */
                actor?: string;
                /** @description 仅由此命令产生 · Only of this command */
                command?: string;
                /** @description 仅属此关联 · Only of this correlation */
                correlation?: string;
                /** @description 发生日期起 · True from this day */
                occurredFrom?: string;
                /** @description 发生日期止（不含） · True before this day */
                occurredTo?: string;
                /** @description 记录时刻起 · Recorded from this instant */
                recordedFrom?: string;
                /** @description 记录时刻止（不含） · Recorded before this instant */
                recordedTo?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsDto"];
                    "application/x-ndjson": components["schemas"]["EventsDto"];
                };
            };
        };
    };
}
